//! Parts of a text that are parsed on their own: JSON objects may follow each other without a mark between them.

use serde::de::IgnoredAny;

/// The parts with the number of lines before each.
pub(super) fn parts(text: &str) -> Vec<(&str, u32)> {
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(end) = json_end(&text[from..]) {
        parts.push((&text[from..from + end], lines(&text[..from])));
        from += end;
    }
    let rest = &text[from..];
    if parts.is_empty() || !rest.trim().is_empty() {
        parts.push((rest, lines(&text[..from])));
    }
    parts
}

/// Where a JSON object ends that the text begins with; `None` if it begins with none, and for what is YAML in braces.
fn json_end(text: &str) -> Option<usize> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    stream.next()?.ok()?;
    Some(stream.byte_offset())
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_json_are_parts_of_their_own() {
        let text = "{\"a\": {}}\n{\"b\": 1}\n---\nc: 2\n";
        assert_eq!(parts(text), [("{\"a\": {}}", 0), ("\n{\"b\": 1}", 0), ("\n---\nc: 2\n", 1)]);
    }

    #[test]
    fn yaml_is_one_part_even_in_braces() {
        for text in ["", "a: 1\n", "{a: 1}\n", "{\"a\": 1", "{{ .Values.x }}"] {
            assert_eq!(parts(text), [(text, 0)]);
        }
    }
}
