//! The hostile inputs of `tests/fixtures/hostile_inputs.json`.

use serde::Deserialize;

/// One input, as text from the cluster would carry it.
pub(crate) struct Hostile {
    pub(crate) id: String,
    pub(crate) bytes: Vec<u8>,
}

/// All of them, in order.
pub(crate) fn inputs() -> Vec<Hostile> {
    let rows: Vec<Row> =
        serde_json::from_str(include_str!("../fixtures/hostile_inputs.json")).unwrap();
    rows.into_iter().map(Hostile::from).collect()
}

#[derive(Deserialize)]
struct Row {
    id: String,
    r#where: String,
    input: Option<String>,
    repeat: Option<(String, usize)>,
}

impl From<Row> for Hostile {
    fn from(row: Row) -> Self {
        let bytes = match (row.input, row.repeat) {
            (Some(base64), _) if row.r#where == "log_bytes_base64" => from_base64(&base64),
            (Some(input), _) => input.into_bytes(),
            (None, Some((part, times))) => part.repeat(times).into_bytes(),
            (None, None) => panic!("{} has no input", row.id),
        };
        Self { id: row.id, bytes }
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sextets = text.trim_end_matches('=').chars().map(|c| ALPHABET.find(c).unwrap());
    let bits: String = sextets.map(|sextet| format!("{sextet:06b}")).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes.map(|byte| u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}
