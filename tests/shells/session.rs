//! A shell in a terminal, with a person's keys.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long a shell may take to start, or to answer a key.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Shell {
    pub(crate) const ALL: [Self; 3] = [Self::Bash, Self::Zsh, Self::Fish];

    const fn start(self) -> &'static str {
        match self {
            Self::Bash => "bash --noprofile --norc -i",
            Self::Zsh => "zsh -f -i",
            Self::Fish => "fish --no-config -i",
        }
    }

    /// Reads the script as its users do. Control-T has all candidates put into the line, and Control-G writes the line to
    /// the file `line`; both are of the shell's own means.
    const fn settings(self) -> &'static str {
        match self {
            Self::Bash => {
                r#"source <(deploygate completions bash)
bind 'set bell-style none'; bind '"\C-t": insert-completions'; bind '"\C-u": unix-line-discard'
bind -x '"\C-g": printf %s "$READLINE_LINE" >new; mv new line'
"#
            }
            Self::Zsh => {
                r#"autoload -U compinit; compinit -u -D; source <(deploygate completions zsh)
zstyle ':completion:all-matches::::' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
zle -C all-matches complete-word _generic; bindkey '^T' all-matches; bindkey '^U' kill-whole-line
show() { print -rn -- "$BUFFER" >new; mv new line }; zle -N show; bindkey '^G' show
"#
            }
            Self::Fish => {
                r#"deploygate completions fish | source
function put; set -l words (complete -C (commandline -cp | string collect) | string replace -r '\t.*' ''); commandline -a (string join ' ' -- '' $words); end
bind \ct put; bind \cu 'commandline ""'; bind \cg 'commandline >new; mv new line'
"#
            }
        }
    }
}

/// A running shell.
pub(crate) struct Session {
    pub(crate) shell: Shell,
    folder: PathBuf,
    child: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<String>>,
}

impl Session {
    /// Starts it in a folder. `program`: the folder of the program.
    pub(crate) fn start(shell: Shell, folder: &Path, program: &str) -> Self {
        let mut command = Command::new("script");
        command.args(["-qfec", shell.start(), "/dev/null"]).current_dir(folder).env_clear();
        command.env("PATH", format!("{program}:/usr/local/bin:/usr/bin:/bin"));
        command.envs([("HOME", folder), ("KUBECONFIG", Path::new("kubeconfig"))]);
        command.envs([("TERM", "xterm"), ("LC_ALL", "C.UTF-8")]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let keys = child.stdin.take().unwrap();
        let screen = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                shown.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
        });
        let mut session = Self { shell, folder: folder.to_owned(), child, keys, screen };
        session.press(shell.settings());
        // the words are not in the line that is typed
        session.press("echo rea''dy\n");
        session.wait(|session| session.screen.lock().unwrap().contains("ready"));
        session
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn wait(&mut self, until: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !until(self) {
            let screen = self.screen.lock().unwrap();
            assert!(begin.elapsed() < PATIENCE, "{:?} does not answer: {screen}", self.shell);
            drop(screen);
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn line_after(&mut self, text: &str, key: &str) -> String {
        let line = self.folder.join("line");
        let _ = fs::remove_file(&line);
        self.press(&format!("\u{15}{text}{key}\u{7}"));
        self.wait(|_| line.exists());
        let text = fs::read_to_string(line).unwrap();
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    }

    /// The command line after a text was typed and Tab pressed.
    pub(crate) fn tab(&mut self, text: &str) -> String {
        self.line_after(text, "\t")
    }

    /// What may stand in place of the last word of a text.
    pub(crate) fn candidates(&mut self, text: &str) -> Vec<String> {
        let line = self.line_after(text, "\u{14}");
        let stem = text.rfind(' ').map_or(0, |space| space + 1);
        let typed = &text[stem..];
        let words = line[stem..].split_whitespace();
        let mut words: Vec<_> = words.filter(|word| *word != typed).map(str::to_owned).collect();
        words.sort();
        words
    }

    /// Everything that was on the screen.
    pub(crate) fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
