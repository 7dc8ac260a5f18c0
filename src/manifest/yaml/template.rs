//! Tells a template that was not rendered from a mistake in YAML.

/// What templates begin with.
pub(in crate::manifest) const BRACES: &str = "{{";

/// Where a text may have braces that mean a template.
#[derive(Debug)]
pub(super) struct Templates<'t> {
    text: &'t str,
    /// The line that the document begins on.
    from: u32,
    /// First and last lines of texts in quotes and blocks: what they hold is data, e.g. of another program's templates.
    covered: Vec<(u32, u32)>,
}

impl<'t> Templates<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, from: 1, covered: Vec::new() }
    }

    /// A document begins.
    pub(super) fn start(&mut self, line: u32) {
        self.from = line;
        self.covered.clear();
    }

    /// The lines hold data.
    pub(super) fn cover(&mut self, first: u32, last: usize) {
        self.covered.push((first, u32::try_from(last).unwrap_or(u32::MAX)));
    }

    /// Whether the second brace of two is at this byte.
    pub(super) fn opens_at(&self, byte: Option<usize>) -> bool {
        let before = byte.and_then(|byte| byte.checked_sub(1));
        before.and_then(|at| self.text.get(at..)).is_some_and(|rest| rest.starts_with(BRACES))
    }

    /// The first line of the document with braces, up to this line.
    pub(super) fn before(&self, line: u32) -> Option<u32> {
        let is_data = |number: u32| {
            let next = self.covered.partition_point(|(first, _)| *first <= number);
            self.covered[..next].last().is_some_and(|(_, last)| *last >= number)
        };
        let lines = self.text.split('\n').zip(1..).take(line as usize);
        let mut lines = lines.skip(self.from.saturating_sub(1) as usize);
        let found = lines.find(|(text, number)| {
            !text.trim_start().starts_with('#') && text.contains(BRACES) && !is_data(*number)
        });
        found.map(|(_, number)| number)
    }
}
