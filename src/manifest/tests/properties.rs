//! Text at random: no panic, and what is written comes back.

use proptest::prelude::*;

use super::{Part, read};

/// Pieces that YAML and templates are made of.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "apiVersion: apps/v1\n",
        "kind: Deployment\n",
        "kind: List\n",
        "items:\n",
        "- ",
        "metadata: {name: a}\n",
        "spec:\n",
        "  template:\n",
        "    spec:\n",
        "      containers:\n",
        "      - name: app\n",
        "        image: ",
        "app:1\n",
        "&a ",
        "*a ",
        "<<: ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "\n",
        "\r\n",
        "\t",
        "  ",
        "---\n",
        "...\n",
        "# c\n",
        "{{ .a }}",
        "\"",
        "'",
        "|\n",
        ">-\n",
        "? ",
        "!!str ",
        "!<x> ",
        "%YAML 1.1\n",
        "~",
        "null",
        "\u{feff}",
        "\u{2028}",
        "é",
        "\0",
        "{\"a\": 1}\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(text in soup(), noise in any::<String>()) {
        let lines = text.lines().count() as u32 + 1;
        for manifests in [read(&text), read(&noise)].into_iter().flatten() {
            for target in manifests.targets {
                prop_assert!(target.sources.find(&[Part::Object]).is_some_and(|source| (1..=lines).contains(&source.line)));
            }
        }
    }

    #[test]
    fn what_is_written_comes_back(
        containers in prop::collection::btree_map("[a-z]([a-z0-9-]{0,20}[a-z0-9])?", "[a-z0-9./_-]{1,20}[a-z0-9](:[a-z0-9._-]{1,9})?", 1..6),
        blank in 0..4_usize,
        crlf in any::<bool>(),
        comment in any::<bool>(),
    ) {
        let mut text = "\n".repeat(blank) + &super::deployment("      containers:\n");
        let mut expected = Vec::new();
        for (name, image) in &containers {
            if comment {
                text.push_str("      # a comment\n\n");
            }
            text.push_str(&format!("      - name: '{name}'\n        image: \"{image}\"\n"));
            expected.push((name.clone(), text.lines().count() as u32));
        }
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let target = read(&text).unwrap().targets.remove(0);
        let images = target.images.iter().map(|(name, image)| (name.to_string(), image.to_string()));
        let images: std::collections::BTreeMap<_, _> = images.collect();
        prop_assert_eq!(&images, &containers);
        for (name, line) in expected {
            prop_assert_eq!(target.sources.find(&[Part::Image(name.into())]).unwrap().line, line);
        }
    }
}
