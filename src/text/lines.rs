//! A stream of bytes as lines, each of bounded length.

/// The most bytes of a line that are kept: programs that log JSON put a whole stack trace on one line.
const LOOKED_AT: usize = 256 * 1024;

/// Splits a stream into lines; LF, CR and both together end one.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// The line that has not ended yet.
    partial: RawLine,
    /// Whether the last byte was a CR: then a LF belongs to the same line end.
    after_cr: bool,
}

/// A line as it came, without its end.
#[derive(Debug, Default)]
pub(super) struct RawLine {
    bytes: Vec<u8>,
    /// Bytes that came in and were dropped.
    pub(super) unseen: u64,
}

impl Splitter {
    /// Takes the next bytes, and calls `ended` for each line that ends in them. A chunk may end anywhere.
    pub(super) fn push(&mut self, chunk: &[u8], mut ended: impl FnMut(RawLine)) {
        let mut rest = chunk;
        if self.after_cr && !rest.is_empty() {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            self.after_cr = false;
        }
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.partial.extend(&rest[..at]);
            ended(std::mem::take(&mut self.partial));
            let is_cr = rest[at] == b'\r';
            rest = &rest[at + 1..];
            if is_cr {
                self.after_cr = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
        }
        self.partial.extend(rest);
    }

    /// Whether a line has begun and not ended.
    pub(super) fn is_within_line(&self) -> bool {
        !self.partial.bytes.is_empty()
    }

    /// The line that has begun and not ended, if there is one.
    pub(super) fn take(&mut self) -> Option<RawLine> {
        self.is_within_line().then(|| std::mem::take(&mut self.partial))
    }
}

impl RawLine {
    fn extend(&mut self, bytes: &[u8]) {
        let kept = (LOOKED_AT - self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..kept]);
        self.unseen += (bytes.len() - kept) as u64;
    }

    /// The text; each invalid part of it becomes U+FFFD.
    pub(super) fn into_text(self) -> String {
        String::from_utf8(self.bytes)
            .unwrap_or_else(|invalid| String::from_utf8_lossy(invalid.as_bytes()).into_owned())
    }
}
