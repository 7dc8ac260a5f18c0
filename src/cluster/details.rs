//! The key details of a pod: the pod itself, its node, and the objects that it refers to, each only where permitted.
//!
//! Of Secrets, claims and service accounts only metadata is requested; of a ConfigMap its keys, if the pod needs some.
//! Permission to read Secrets and nodes is checked first, so that no refusal shows up in the server's audit log.

use futures_util::{StreamExt, stream};
use kube::core::{Request, params::GetParams};
use serde_json::Value;

use super::{Cluster, access::Question, call::Call, failure::Failure, path};
use crate::{
    evidence::{
        DetailsRequest, NodeDetails, ObjectDetails, ObjectKind, PodDetails, PodName, Presence,
    },
    inspect,
    observation::{FailureKind, ReadFailure, Resource},
    text::Redactor,
};

/// Objects that are looked up; any beyond these are not checked.
const OBJECTS: usize = 16;

/// Requests at a time; each takes a connection of its own.
const AT_ONCE: usize = 4;

impl Cluster {
    /// The details of a pod. Other objects that may not be read are marked as not checked, which is not a failure.
    pub(super) async fn details(
        &self,
        namespace: &str,
        request: &DetailsRequest,
        redactor: &Redactor,
    ) -> Result<Box<PodDetails>, ReadFailure> {
        let pod = self.pod(namespace, &request.pod).await?;
        let mut details = Box::new(inspect::pod(&pod, redactor));
        let PodDetails { node, objects, .. } = &mut *details;
        let old_pod = async {
            let old_pod = request.old_pod.as_ref()?;
            self.pod(namespace, old_pod).await.ok()
        };
        let (old_pod, (), ()) =
            tokio::join!(old_pod, self.read_node(node), self.check_objects(namespace, objects));
        if let Some(old_pod) = old_pod {
            inspect::compare_images(&mut details, &old_pod, redactor);
        }
        Ok(details)
    }

    async fn pod(&self, namespace: &str, pod: &PodName) -> Result<Value, ReadFailure> {
        let what = format!("read pod {} in namespace {namespace}", pod.name);
        let get =
            Request::new(path::of(Resource::Pods, namespace)).get(&pod.name, &GetParams::default());
        let call = Call::new(Resource::Pods, what, get)?;
        let found =
            self.connection.get::<Value>(&call).await.map_err(|failure| call.failed(failure))?;
        if found["metadata"]["uid"] != pod.uid.as_str() {
            let text = "the pod was replaced by another with the same name";
            return Err(call.failed(Failure::new(FailureKind::NotFound, text)));
        }
        Ok(found)
    }

    async fn read_node(&self, node: &mut Option<NodeDetails>) {
        let Some(node) = node.as_mut().filter(|node| path::is_name(&node.name)) else { return };
        if self.may(&Question::get("", "nodes", &node.name)).await != Some(true) {
            return;
        }
        let get = Request::new("/api/v1/nodes").get(&node.name, &GetParams::default());
        let Ok(call) = Call::new(Resource::Pods, format!("read node {}", node.name), get) else {
            return;
        };
        if let Ok(value) = self.connection.get::<Value>(&call).await {
            node.facts = Some(inspect::node(&value));
        }
    }

    async fn check_objects(&self, namespace: &str, objects: &mut [ObjectDetails]) {
        let has_secret = objects.iter().any(|object| object.kind == ObjectKind::Secret);
        let question = Question::get(namespace, "secrets", "");
        let may_read_secrets = has_secret && self.may(&question).await == Some(true);
        let checked = objects
            .iter_mut()
            .filter(|object| path::is_name(&object.name))
            .filter(|object| object.kind != ObjectKind::Secret || may_read_secrets)
            .take(OBJECTS);
        stream::iter(checked)
            .for_each_concurrent(AT_ONCE, |object| self.check_object(namespace, object))
            .await;
    }

    async fn check_object(&self, namespace: &str, object: &mut ObjectDetails) {
        let path = path::collection(("", plural(object.kind)), namespace);
        let (request, params) = (Request::new(path), GetParams::default());
        let wants_keys = object.kind == ObjectKind::ConfigMap && object.wanted_keys().count() > 0;
        let get = if wants_keys {
            request.get(&object.name, &params)
        } else {
            request.get_metadata(&object.name, &params)
        };
        let Ok(call) = Call::new(Resource::Pods, format!("look for {}", object.title()), get)
        else {
            return;
        };
        match self.connection.get::<Value>(&call).await {
            Ok(value) => inspect::found(object, &value),
            Err(Failure { kind: FailureKind::NotFound, .. }) => object.presence = Presence::Missing,
            Err(_) => {}
        }
    }
}

const fn plural(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::ConfigMap => "configmaps",
        ObjectKind::Secret => "secrets",
        ObjectKind::PersistentVolumeClaim => "persistentvolumeclaims",
        ObjectKind::ServiceAccount => "serviceaccounts",
    }
}
