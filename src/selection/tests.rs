use super::*;

fn labels(text: &str) -> Labels {
    let pairs = text.split(',').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap()).map(|(k, v)| (k.into(), v.into())).collect()
}

fn matches(selector: &str, text: &str) -> bool {
    selector.parse::<Selector>().unwrap().matches(&labels(text))
}

#[test]
fn selectors_choose_as_kubectl_does() {
    for (selector, yes, no) in [
        ("app=shop", &["app=shop", "app=shop,tier=web"][..], &["app=web", "", "App=shop"][..]),
        ("app==shop", &["app=shop"], &["app=web"]),
        (
            " app = shop , tier in ( web, api ) ",
            &["app=shop,tier=api"],
            &["app=shop,tier=db", "app=shop"],
        ),
        ("app!=shop", &["app=web", ""], &["app=shop"]),
        ("app notin (a,b)", &["app=c", ""], &["app=a", "app=b"]),
        ("app", &["app=", "app=x"], &["tier=web"]),
        ("!app", &["tier=web", ""], &["app=x"]),
        ("app=", &["app="], &["app=x", ""]),
        ("app=,tier", &["app=,tier=a"], &["tier=a"]),
        ("app in ()", &["app="], &["app=a"]),
        ("app in (,a)", &["app=", "app=a"], &["app=b"]),
        ("in in (notin)", &["in=notin"], &["in=in"]),
        ("in", &["in=a"], &[""]),
        ("app=in", &["app=in"], &["app=a"]),
        ("size>2,size<9", &["size=5"], &["size=2", "size=9", "size=x", ""]),
        ("example.com/part.of_it-1=A.b-C_d", &["example.com/part.of_it-1=A.b-C_d"], &[""]),
    ] {
        for text in yes {
            assert!(matches(selector, text), "{selector}: {text}");
        }
        for text in no {
            assert!(!matches(selector, text), "{selector}: {text}");
        }
        // the server reads it the same way
        let again: Selector = selector.parse::<Selector>().unwrap().to_string().parse().unwrap();
        assert_eq!(again, selector.parse().unwrap(), "{selector}");
    }
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (selector, expected) in [
        ("", "found the end, expected a label at character 1"),
        ("app=shop,", "found the end, expected a label at character 10"),
        (",app", "found `,`, expected a label at character 1"),
        (
            "app shop",
            "found `shop`, expected `=`, `==`, `!=`, `in`, `notin`, `>`, `<` or `,` at character 5",
        ),
        ("app=a b", "found `b`, expected `,` at character 7"),
        ("app===shop", "found `=`, expected a value at character 6"),
        ("app=!shop", "found `!`, expected a value at character 5"),
        ("!app=shop", "found `=`, expected `,` at character 5"),
        ("app in shop", "found `shop`, expected `(` at character 8"),
        ("app in (a b)", "found `b`, expected `,` or `)` at character 11"),
        ("app in (a", "found the end, expected `,` or `)` at character 10"),
        ("app>x", "found `x`, expected a number at character 5"),
        ("-app=x", "invalid label `-app`"),
        ("a/b/c=x", "invalid label `a/b/c`"),
        ("Example.com/a=x", "invalid label `Example.com/a`"),
        ("/a", "invalid label `/a`"),
        ("app=ä", "invalid value `ä`"),
        ("ä=x", "at character 1"),
        (
            "app=a,tier=x:y",
            "invalid value `x:y`: expected letters, digits, `-`, `_` and `.`, at most 63, at character 12",
        ),
        (&format!("app={}", "a".repeat(64)), "invalid value"),
    ] {
        let error = selector.parse::<Selector>().unwrap_err().to_string();
        assert!(error.contains(expected), "{selector}: {error}");
    }
}

fn listed(kind: Kind, name: &str, text: &str) -> Listed {
    let namespace = "shop".parse().unwrap();
    let target = TargetRef { kind: kind.into(), namespace, name: name.parse().unwrap() };
    Listed { target, labels: labels(text), helm: None, stopped: None, job: None }
}

fn of_helm(listed: Listed, name: &str, namespace: &str) -> Listed {
    let helm = Some(HelmRelease { name: name.into(), namespace: namespace.into() });
    Listed { helm, ..listed }
}

fn selection(by: &[By]) -> Selection {
    Selection {
        kinds: Vec::new(),
        namespace: Some("shop".parse().unwrap()),
        by: by.to_vec(),
        present: false,
    }
}

fn by_labels(text: &str) -> By {
    By::Labels(text.parse().unwrap())
}

fn by_helm(name: &str, namespace: Option<&str>) -> By {
    let namespace = namespace.map(|namespace| namespace.parse().unwrap());
    By::Helm { name: name.parse().unwrap(), namespace }
}

fn names(chosen: &Chosen) -> Vec<String> {
    chosen.targets.iter().map(ToString::to_string).collect()
}

#[test]
fn what_several_parts_choose_is_chosen_once_and_each_must_choose_something() {
    let all = [
        of_helm(listed(Kind::Deployment, "web", "app=shop"), "store", "shop"),
        of_helm(listed(Kind::Job, "migrate", "app=shop"), "store", "shop"),
        listed(Kind::StatefulSet, "db", "app=shop"),
        listed(Kind::Deployment, "other", "app=other"),
        of_helm(listed(Kind::Deployment, "theirs", ""), "store", "else"),
    ];
    let both =
        choose(&selection(&[by_labels("app=shop"), by_helm("store", Some("shop"))]), &all, None);
    assert_eq!(names(&both), ["deployment/web", "job/migrate", "statefulset/db"]);
    assert!(both.unmatched.is_empty());
    // a Job is chosen as a part of a Helm release only
    assert_eq!(
        names(&choose(&selection(&[by_labels("app=shop")]), &all, None)),
        ["deployment/web", "statefulset/db"]
    );
    let anywhere = choose(&selection(&[by_helm("store", None)]), &all, None);
    assert_eq!(names(&anywhere), ["deployment/web", "job/migrate", "deployment/theirs"]);

    let wrong = choose(&selection(&[by_labels("app=shop"), by_helm("stroe", None)]), &all, None);
    let [unmatched] = &*wrong.unmatched else { panic!("{wrong:?}") };
    assert_eq!(unmatched.by, by_helm("stroe", None));
    let releases: Vec<_> =
        unmatched.there.helm.iter().map(|(name, of)| format!("{of}/{name}")).collect();
    assert_eq!(releases, ["else/store", "shop/store"]);
}

#[test]
fn what_stands_still_is_apart_and_matches_all_the_same() {
    let off = Listed {
        stopped: Some(Stopped::NoReplicas),
        ..listed(Kind::Deployment, "off", "app=shop")
    };
    let chosen = choose(&selection(&[by_labels("app")]), &[off], None);
    assert!(chosen.targets.is_empty() && chosen.unmatched.is_empty());
    assert_eq!(chosen.stopped[0].1, Stopped::NoReplicas);
}

#[test]
fn a_typo_is_told_with_what_is_there() {
    let all = [
        listed(Kind::Deployment, "a", "app=shop,tier=x"),
        listed(Kind::Deployment, "b", "app=web"),
    ];
    let chosen = choose(&selection(&[by_labels("app=shpo,tire=x")]), &all, None);
    let there = &chosen.unmatched[0].there;
    assert_eq!(there.workloads, 2);
    let values: Vec<_> = there.labels[0].1.iter().map(|value| &**value).collect();
    assert_eq!((&*there.labels[0].0, values), ("app", vec!["shop", "web"]));
    assert!(there.labels[1].1.is_empty());
    assert_eq!(*there.keys[0], *"app");
}

#[test]
fn the_server_chooses_only_where_labels_are_all_that_counts() {
    assert_eq!(selection(&[by_labels("a=b, c in (d)")]).query().unwrap(), "a=b,c=d");
    assert_eq!(selection(&[by_labels("a"), by_helm("x", None)]).query(), None);
    assert_eq!(selection(&[By::Everything]).query(), None);
}
