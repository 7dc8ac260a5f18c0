//! Whether the new revision runs the images that are expected.

use super::{
    Attribution, Cause, Gate,
    findings::Circumstances,
    names,
    symptom::{Limit, Symptom},
};
use crate::{
    phrases,
    text::{Clean, Untrusted},
};

impl Gate {
    /// Each expected image must be that of a container of the template.
    pub(super) fn expect_images(&mut self) {
        let Some(pin) = &self.pin else { return };
        let images: Vec<&str> = pin.spec.containers.iter().map(|c| c.image.as_ref()).collect();
        let is_run = |expected: &&String| images.iter().any(|image| is_same(image, expected));
        let Some(missing) = self.policy.expect_images.iter().find(|image| !is_run(image)) else {
            return;
        };
        let images: Vec<Clean> =
            images.iter().map(|image| Untrusted::from(*image).to_clean_line(200)).collect();
        let message = phrases::finding::wrong_image(missing, &images);
        let symptom =
            Symptom::new(Cause::WrongImage, Attribution::Configuration, message, Limit::AtOnce);
        let uid = pin.workload.clone();
        let name = names::object(&self.target.name);
        self.see(&symptom, &uid, &name, Circumstances::default());
    }
}

/// Whether an image reference names what was expected; Docker Hub's short forms are the same as the long ones.
fn is_same(image: &str, expected: &str) -> bool {
    normal(image) == normal(expected)
}

fn normal(image: &str) -> String {
    let first = image.split('/').next().unwrap_or_default();
    let has_registry = image.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let mut name = match (has_registry, image.contains('/')) {
        (true, _) => image.to_owned(),
        (false, true) => format!("docker.io/{image}"),
        (false, false) => format!("docker.io/library/{image}"),
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    if !last.contains([':', '@']) {
        name.push_str(":latest");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_compared_as_runtimes_read_them() {
        assert!(is_same("nginx", "docker.io/library/nginx:latest"));
        assert!(is_same("shop/app:2", "docker.io/shop/app:2"));
        assert!(!is_same("shop/app:2", "shop/app:3"));
        assert!(!is_same("localhost:5000/app:2", "app:2"));
        assert!(!is_same("r.example/app@sha256:aa", "r.example/app:2"));
    }
}
