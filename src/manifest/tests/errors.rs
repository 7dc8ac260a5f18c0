//! What is refused, with its line, and without a value of it.

use super::{deployment, read};

fn error(text: &str) -> String {
    read(text).unwrap_err()
}

#[test]
fn a_mistake_is_told_with_its_line() {
    for (text, expected) in [
        ("hello world\n", "k8s/app.yaml:1: not a Kubernetes object"),
        ("a: 1\n---\n\n- b\n", "k8s/app.yaml:1: missing kind"),
        ("\n- b\n", "k8s/app.yaml:2: not a Kubernetes object"),
        ("kind: Deployment\n", "k8s/app.yaml:1: missing apiVersion"),
        ("apiVersion: v1\n", "k8s/app.yaml:1: missing kind"),
        ("apiVersion: v1\nkind: ConfigMap\n", "k8s/app.yaml:1: missing metadata.name"),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {}\n",
            "k8s/app.yaml:3: missing metadata.name",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ~}\n",
            "k8s/app.yaml:3: missing metadata.name",
        ),
        ("apiVersion: v1\nkind: [a]\n", "k8s/app.yaml:2: invalid kind: expected a text"),
        (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: App\n",
            "k8s/app.yaml:4: invalid name: expected",
        ),
        (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n  namespace: A\n",
            "k8s/app.yaml:5: invalid namespace: expected",
        ),
        ("a: b: c\n", "k8s/app.yaml:1: not valid YAML: "),
        ("a: 1\n b: 2\n", "k8s/app.yaml:2: not valid YAML: "),
        ("a:\n\t- b\n", "k8s/app.yaml:2: not valid YAML: "),
        ("a: [b\n", "k8s/app.yaml:"),
        ("a: *b\n", "k8s/app.yaml:1: not valid YAML: "),
        ("a: &a [*a]\n", "k8s/app.yaml:1: not valid YAML: an anchor's value contains itself"),
        ("a: &a {<<: *a}\n", "k8s/app.yaml:1: not valid YAML: an anchor's value contains itself"),
        ("a: {<<: b}\n", "k8s/app.yaml:1: not valid YAML: a merge key"),
        ("? [a]\n: b\n", "k8s/app.yaml:1: not valid YAML: a key must be a text"),
        ("{\"a\": 1}\n{\"b\"\n", "k8s/app.yaml:"),
        ("\0", "k8s/app.yaml: not a text file in UTF-8"),
        (
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n",
            "k8s/app.yaml:1: a kustomization",
        ),
        ("resources:\n- a.yaml\nimages: []\n", "k8s/app.yaml:1: a kustomization"),
        ("apiVersion: v1\nkind: List\nitems: [1]\n", "k8s/app.yaml:3: not a Kubernetes object"),
    ] {
        let error = error(text);
        assert!(error.starts_with(expected), "{text}\n{error}\n{expected}");
    }
}

#[test]
fn a_template_that_was_not_rendered_is_called_so() {
    let image = |image: &str| {
        deployment(&format!("      containers:\n      - name: app\n        image: {image}\n"))
    };
    for (text, line) in [
        (image("{{ .Values.image }}"), 9),
        (image("\"{{ .Values.image }}\""), 9),
        (image("app:{{ .Values.tag }}"), 9),
        (image("app\n        {{- if .Values.probe }}\n        a: b\n        {{- end }}"), 10),
        ("{{- if .Values.on }}\napiVersion: v1\nkind: ConfigMap\n{{- end }}\n".into(), 1),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ include \"a.name\" . }}\n  labels:\n    {{- include \"a\" . | nindent 4 }}\n".into(), 4),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    {{- include \"a\" . | nindent 4 }}\n  name: a\n".into(), 5),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a-{{ .Release.Name }}\n".into(), 4),
        ("{{/* a */}}\n{{ range .Values.a }}\n---\nkind: {{ . }}\n{{ end }}\n".into(), 1),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: \"{{ x }}\"\n  b: c\n{{ end }}\n".into(), 7),
    ] {
        let expected = format!("k8s/app.yaml:{line}: unrendered template (`{{{{`)");
        let error = error(&text);
        assert!(error.starts_with(&expected), "{text}\n{error}\n{expected}");
    }
}

#[test]
fn templates_of_other_programs_are_data() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {a: \"{{ b }}\"}}\ndata:\n  a: '{{ b }}'\n  c: |\n    {{ d }}\n    # {{ e }}\n  # {{ f }}\n";
    assert!(read(text).is_ok());
    let broken = error(&format!("{text}  g: h: i\n"));
    assert!(broken.starts_with("k8s/app.yaml:10: not valid YAML"), "{broken}");
}

#[test]
fn placeholders_of_other_tools_are_no_images() {
    let image = |image: &str| {
        error(&deployment(&format!(
            "      containers:\n      - name: app\n        image: {image}\n"
        )))
    };
    for placeholder in ["${IMAGE}", "app:$TAG", "'app: 1'", "[app]", "'<image>'", "'::error::x'"] {
        let error = image(placeholder);
        assert!(error.starts_with("k8s/app.yaml:9: invalid image: expected "), "{error}");
    }
}

#[test]
fn no_error_quotes_a_value() {
    for (from, to) in [
        ("hunter2", "hunter2: x: y"),
        ("hunter2", "{{hunter2"),
        ("hunter2", "[hunter2"),
        ("hunter2", "\"hunter2"),
        ("hunter2", "*hunter2"),
        ("hunter2", "!hunter2! x"),
        ("name: a", "name: hunter2_"),
        ("kind: Secret", "kind: [hunter2]"),
    ] {
        let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  password: hunter2\n  other: z\n".replace(from, to);
        if let Err(error) = read(&text) {
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn aliases_cannot_be_made_a_bomb() {
    // references to references cost nothing
    let mut bomb = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\na0: &a0 [x]\n".to_owned();
    for level in 1..60 {
        let before = format!("*a{}, ", level - 1).repeat(20);
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    assert!(read(&bomb).is_ok());
    // merges copy
    let mut bomb =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\na0: &a0 {x: y}\n".to_owned();
    for level in 1..60 {
        let before = format!("*a{}, ", level - 1).repeat(20);
        bomb.push_str(&format!("a{level}: &a{level} {{<<: [{before}]}}\n"));
    }
    assert!(error(&bomb).contains("too large: values in one document"), "{}", error(&bomb));
    // and lists are walked
    let mut bomb = String::new();
    let mut list = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}".to_owned();
    for level in 0..8 {
        bomb.push_str(&format!("a{level}: &a{level} {list}\n"));
        list = format!(
            "{{apiVersion: v1, kind: List, items: [{}]}}",
            format!("*a{level}, ").repeat(10)
        );
    }
    let bomb = format!("{bomb}apiVersion: v1\nkind: List\nitems: [*a7, *a7]\n");
    assert!(error(&bomb).contains("too large: objects"), "{}", error(&bomb));
}

#[test]
fn nesting_is_bounded() {
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "{\"a\":".repeat(100_000),
    ] {
        assert!(error(&text).contains("not valid YAML"), "{}", error(&text));
    }
    let mut lists = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}".to_owned();
    for _ in 0..40 {
        lists = format!("{{apiVersion: v1, kind: List, items: [{lists}]}}");
    }
    assert!(error(&lists).contains("too large: lists in lists"));
}
