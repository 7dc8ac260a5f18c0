//! Headless Chromium as the reader of a report, spoken to by its DevTools protocol over a pipe: JSON messages, each
//! ended by a NUL.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The browser's descriptors 3 and 4 are the pipe. A browser that hangs ends, and so does the test.
const START: &str = "browser=$(command -v chromium || command -v google-chrome) || exit 127
    exec timeout 300 \"$browser\" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --remote-debugging-pipe --user-data-dir=\"$0\" about:blank 3<&0 4>&1 </dev/null >/dev/null 2>&1";

/// A running browser with one page.
pub(crate) struct Chromium {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    session: Option<String>,
    calls: u64,
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

/// What a page was seen to do while it was loaded.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// Errors and warnings on the console, what the policy refused among them.
    pub(crate) faults: Vec<String>,
    /// Addresses that were asked for, its own and those of data aside.
    pub(crate) requests: Vec<String>,
}

impl Chromium {
    /// Starts it with an empty profile.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", START]).arg(profile.path());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (process.stdin.take(), process.stdout.take().unwrap());
        let mut browser = Self {
            process,
            input,
            output: BufReader::new(output),
            session: None,
            calls: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Log", "Runtime", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Opens a file on a screen of this size, in a theme.
    pub(crate) fn open(&mut self, file: &Path, (width, height): (u32, u32), theme: &str) -> Loaded {
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", screen);
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        self.call("Emulation.setEmulatedMedia", media);
        let address = format!("file://{}", file.display());
        self.events.clear();
        self.call("Page.navigate", json!({"url": address}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.receive();
            self.events.push(event);
        }
        // what the page did meanwhile is told before the answer to this
        self.evaluate("1");
        let mut loaded = Loaded::default();
        for event in self.events.drain(..) {
            let told = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Log.entryAdded" => loaded.faults.push(told["entry"]["text"].to_string()),
                "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" => {
                    loaded.faults.push(told.to_string());
                }
                "Network.requestWillBeSent" => {
                    let asked = told["request"]["url"].as_str().unwrap_or_default();
                    if asked != address && !asked.starts_with("data:") {
                        loaded.requests.push(asked.to_owned());
                    }
                }
                _ => {}
            }
        }
        loaded
    }

    /// The value of an expression in the page.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// What the screen shows, as a PNG in Base64.
    pub(crate) fn screenshot(&mut self) -> String {
        let answer = self.call("Page.captureScreenshot", json!({"format": "png"}));
        answer["data"].as_str().unwrap().to_owned()
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        // of a browser that has ended, the answer tells
        let _ = self.input.as_mut().unwrap().write_all(&bytes);
        loop {
            let answer = self.receive();
            if answer["id"] == self.calls {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn receive(&mut self) -> Value {
        let mut message = Vec::new();
        self.output.read_until(0, &mut message).unwrap();
        assert_eq!(
            message.pop(),
            Some(0),
            "no answer: Debian's package chromium must be installed"
        );
        serde_json::from_slice(&message).unwrap()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // the browser ends with its pipe
        self.input = None;
        let _ = self.process.wait();
    }
}
