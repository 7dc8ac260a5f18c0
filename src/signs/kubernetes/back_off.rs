//! What the kubelet says while it waits for its next try.

/// The seconds in `back-off 1m20s restarting failed container=app pod=…`
/// (Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_manager.go`, `doBackOff`).
pub fn back_off(message: &str) -> Option<u64> {
    let length = message.strip_prefix("back-off ")?.split_once(" restarting failed ")?.0;
    let mut seconds = 0_u64;
    let mut number = String::new();
    for c in length.chars() {
        let unit = match c {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => {
                number.push(c);
                continue;
            }
        };
        let parsed: u64 = number.parse().ok()?;
        seconds = seconds.checked_add(parsed.checked_mul(unit)?)?;
        number.clear();
    }
    number.is_empty().then_some(seconds)
}

/// Whether a message only says that something failed before, and not what: the kubelet between two pulls
/// (`pkg/kubelet/images/image_manager.go`; since 1.32 it repeats the cause), containerd on a container that it still makes
/// although the kubelet gave up (`internal/cri/store/name`).
pub fn is_echo(message: &str) -> bool {
    let is_bare = |wait: &str| wait.split('"').nth(2).is_none_or(|rest| rest.trim().is_empty());
    let back_off = message.split_once("Back-off pulling image");
    back_off.is_some_and(|(_, wait)| is_bare(wait)) || message.contains("\" is reserved for \"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_off_is_read_as_go_writes_it() {
        let of = |length: &str| {
            back_off(&format!("back-off {length} restarting failed container=app pod=app-1"))
        };
        assert_eq!((of("10s"), of("1m20s"), of("5m0s")), (Some(10), Some(80), Some(300)));
        assert_eq!(
            (of("soon"), of("99999999999999999999h"), back_off("back-off")),
            (None, None, None)
        );
    }

    #[test]
    fn the_wait_for_the_next_try_tells_nothing_unless_it_repeats_what_failed() {
        for message in [
            "Back-off pulling image \"r.example/app:1\"",
            "failed to reserve container name \"app_1\": name \"app_1\" is reserved for \"8a4\"",
        ] {
            assert!(is_echo(message), "{message}");
        }
        for message in [
            "Back-off pulling image \"r.example/app:1\": ErrImagePull: not found",
            "r.example/app:1: not found",
            "context deadline exceeded",
        ] {
            assert!(!is_echo(message), "{message}");
        }
    }
}
