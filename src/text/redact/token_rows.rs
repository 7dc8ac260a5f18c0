//! The tables of tokens, with the documentation of each provider.

use super::shape::Class::{
    Alnum, AnyBase64, Base64, Crypt, Digit, Dotted, Groups, Hex, HexGroups, Path, Scram, Upper,
    Word,
};
use super::token::{Middle, Parts, Provider, Row, Service, Token, by, middle};

/// The source of formats that their provider does not document.
const GITLEAKS: &str = "https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml";

#[rustfmt::skip]
const PROVIDERS: &[Provider] = &[
    // clouds
    by("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html", &[
        Token("AKIA", Upper, 16), Token("ASIA", Upper, 16), Token("ABIA", Upper, 16), Token("ACCA", Upper, 16),
    ]),
    by("https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html", &[
        Token("ABSK", Base64, 60), Token("bedrock-api-key-", Base64, 40),
    ]),
    // a session token, by the first bytes of what it holds
    by("https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html", &[
        Token("IQoJb3JpZ2luX2Vj", Base64, 40), Token("FwoGZXIvYXdzE", Base64, 40),
    ]),
    by("https://cloud.google.com/docs/authentication/token-types", &[
        Token("AIza", Word, 30), Token("ya29.", Dotted, 20), Token("GOCSPX-", Word, 20), Token("1//0", Word, 30),
    ]),
    by("https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair", &[Token("LTAI", Alnum, 12)]),
    by("https://cloud.tencent.com/document/product/598/40488", &[Token("AKID", Alnum, 24)]),
    by("https://yandex.cloud/en/docs/iam/concepts/authorization/", &[
        Token("AQVN", Word, 35), Token("t1.", Dotted, 80), Token("y0_", Word, 50),
    ]),
    by("https://docs.digitalocean.com/reference/api/create-personal-access-token/", &[
        Token("dop_v1_", Hex, 40), Token("doo_v1_", Hex, 40), Token("dor_v1_", Hex, 40),
    ]),
    by("https://fly.io/docs/security/tokens/", &[
        Token("fo1_", Word, 40), Token("fm1r_", Base64, 40), Token("fm1a_", Base64, 40), Token("fm2_", Base64, 40),
    ]),
    by("https://devcenter.heroku.com/articles/authentication", &[Token("HRKU-", Word, 36)]),
    by("https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/", &[Token("v1.0-", HexGroups, 100)]),
    by("https://docs.netlify.com/api/get-started/", &[
        Token("nfp_", Alnum, 30), Token("nfc_", Alnum, 30), Token("nfo_", Alnum, 30), Token("nfu_", Alnum, 30),
    ]),
    by("https://render.com/docs/api", &[Token("rnd_", Alnum, 28)]),
    by(GITLEAKS, &[Token("tk-us-", Word, 48), Token("dnkey-", Dotted, 60)]),
    // registries of code and packages
    by("https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github", &[
        Token("ghp_", Alnum, 20), Token("gho_", Alnum, 20), Token("ghu_", Alnum, 20), Token("ghs_", Alnum, 20),
        Token("ghr_", Alnum, 20), Token("github_pat_", Word, 20),
    ]),
    by("https://docs.gitlab.com/security/tokens/", &[
        Token("glpat-", Dotted, 16), Token("gldt-", Dotted, 16), Token("glrt-", Dotted, 16), Token("glrtr-", Dotted, 16),
        Token("glcbt-", Dotted, 16), Token("glptt-", Dotted, 16), Token("glft-", Dotted, 16), Token("glimt-", Dotted, 16),
        Token("glagent-", Dotted, 16), Token("gloas-", Dotted, 16), Token("glsoat-", Dotted, 16), Token("glffct-", Dotted, 16),
        Token("glwt-", Dotted, 16), Token("GR1348941", Word, 16),
    ]),
    by("https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/", &[
        Token("ATATT3", Dotted, 60), Token("ATCTT3", Dotted, 60), Token("ATBB", Alnum, 28), Token("BBDC-", Base64, 30),
        Token("ATTA", Alnum, 60),
    ]),
    by("https://docs.npmjs.com/about-access-tokens", &[Token("npm_", Alnum, 30)]),
    by("https://pypi.org/help/#apitoken", &[Token("pypi-", Word, 40)]),
    by("https://guides.rubygems.org/api-key-scopes/", &[Token("rubygems_", Hex, 40)]),
    by("https://doc.rust-lang.org/cargo/reference/registry-authentication.html", &[Token("cio", Alnum, 32)]),
    by("https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package", &[Token("oy2", Alnum, 43)]),
    by("https://clojars.org/tokens", &[Token("CLOJARS_", Alnum, 50)]),
    by("https://docs.docker.com/security/access-tokens/", &[Token("dckr_pat_", Word, 20), Token("dckr_oat_", Word, 20)]),
    by("https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key", &[
        Token("AKCp", Alnum, 60), Token("cmVmdGtu", Base64, 50),
    ]),
    by("https://docs.sourcegraph.com/cli/how-tos/creating_an_access_token", &[Token("sgp_", Word, 40)]),
    by("https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/", &[
        Token("squ_", Hex, 40), Token("sqp_", Hex, 40), Token("sqa_", Hex, 40),
    ]),
    // pipelines and infrastructure
    by("https://circleci.com/docs/managing-api-tokens/", &[Token("CCIPAT_", Word, 40), Token("CCIPRJ_", Word, 40)]),
    by("https://buildkite.com/docs/apis/managing-api-tokens", &[
        Token("bkua_", Alnum, 30), Token("bkct_", Alnum, 30), Token("bkaj_", Dotted, 30),
    ]),
    by("https://docs.octopus.com/docs/octopus-rest-api/how-to-create-an-api-key", &[Token("API-", Upper, 25)]),
    by("https://developer.hashicorp.com/vault/docs/concepts/tokens", &[
        Token("hvs.", Word, 20), Token("hvb.", Word, 20), Token("hvr.", Word, 20),
    ]),
    by("https://www.pulumi.com/docs/administration/access-identity/access-tokens/", &[Token("pul-", Hex, 40)]),
    by("https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys", &[
        Token("pnu_", Alnum, 30), Token("pnb_", Alnum, 30),
    ]),
    by("https://docs.doppler.com/reference/auth-token-formats", &[
        Token("dp.pt.", Dotted, 30), Token("dp.st.", Dotted, 30), Token("dp.ct.", Dotted, 30), Token("dp.sa.", Dotted, 30),
        Token("dp.scim.", Dotted, 30), Token("dp.audit.", Dotted, 30),
    ]),
    by("https://developer.1password.com/docs/service-accounts/security/", &[Token("ops_eyJ", Base64, 60)]),
    by("https://support.1password.com/secret-key-security/", &[Token("A3-", Groups, 28)]),
    by("https://age-encryption.org/v1", &[Token("AGE-SECRET-KEY-1", Upper, 50), Token("AGE-PLUGIN-", Groups, 40)]),
    by("https://tailscale.com/kb/1085/auth-keys", &[Token("tskey-", Groups, 20)]),
    by("https://docs.openshift.com/container-platform/latest/authentication/managing-oauth-access-tokens.html", &[
        Token("sha256~", Word, 40),
    ]),
    by("https://docs.databricks.com/dev-tools/auth/pat", &[Token("dapi", HexGroups, 32), Token("dose", HexGroups, 32)]),
    by("https://docs.getdbt.com/docs/dbt-cloud-apis/service-tokens", &[Token("dbtc_", Word, 30), Token("dbtu_", Word, 30)]),
    by("https://planetscale.com/docs/concepts/service-tokens", &[
        Token("pscale_tkn_", Dotted, 30), Token("pscale_pw_", Dotted, 30), Token("pscale_oauth_", Dotted, 30),
    ]),
    by("https://supabase.com/docs/guides/api/api-keys", &[
        Token("sbp_", Hex, 40), Token("sb_secret_", Word, 20),
    ]),
    by("https://www.mongodb.com/docs/atlas/api/service-accounts-overview/", &[Token("mdb_sa_sk_", Word, 30)]),
    // watching
    by("https://grafana.com/docs/grafana/latest/administration/service-accounts/", &[
        Token("glsa_", Word, 30), Token("glc_", Base64, 30), Token("eyJrIjoi", Base64, 30),
    ]),
    by("https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/", &[
        Token("NRAK-", Alnum, 20), Token("NRII-", Word, 20), Token("NRJS-", Alnum, 15), Token("NRRA-", Alnum, 20),
        Token("NRAA-", Alnum, 20),
    ]),
    by("https://docs.sentry.io/account/auth-tokens/", &[Token("sntrys_", AnyBase64, 40), Token("sntryu_", Hex, 40)]),
    by("https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication", &[
        Token("dt0c01.", Dotted, 60), Token("dt0s01.", Dotted, 60), Token("dt0s02.", Dotted, 60), Token("dt0s16.", Dotted, 60),
    ]),
    by("https://docs.honeycomb.io/configure/environments/manage-api-keys/", &[Token("hcaik_", Alnum, 30), Token("hcxik_", Alnum, 30)]),
    by("https://axiom.co/docs/reference/tokens", &[Token("xaat-", HexGroups, 36), Token("xapt-", HexGroups, 36)]),
    by("https://posthog.com/docs/api", &[Token("phx_", Alnum, 30)]),
    // mail and messages
    by("https://docs.slack.dev/authentication/tokens", &[
        Token("xoxa-", Groups, 10), Token("xoxb-", Groups, 10), Token("xoxc-", Groups, 10), Token("xoxd-", Groups, 10),
        Token("xoxe-", Groups, 10), Token("xoxe.", Dotted, 20), Token("xoxo-", Groups, 10), Token("xoxp-", Groups, 10),
        Token("xoxr-", Groups, 10), Token("xoxs-", Groups, 10), Token("xapp-", Groups, 20),
    ]),
    by("https://www.twilio.com/docs/glossary/what-is-a-sid", &[Token("SK", Hex, 32)]),
    by("https://developers.brevo.com/docs/getting-started", &[Token("xkeysib-", Groups, 60), Token("xsmtpsib-", Groups, 60)]),
    by("https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/", &[
        Token("key-", Hex, 32), Token("pubkey-", Hex, 32),
    ]),
    by("https://mailchimp.com/developer/transactional/guides/quick-start/", &[Token("md-", Word, 22)]),
    by("https://resend.com/docs/api-reference/api-keys", &[Token("re_", Word, 32)]),
    by("https://documentation.onesignal.com/docs/keys-and-ids", &[Token("os_v2_", Word, 60)]),
    by("https://developers.facebook.com/docs/facebook-login/guides/access-tokens/", &[
        Token("EAAM", Alnum, 80), Token("EAAC", Alnum, 80), Token("EAAG", Alnum, 80), Token("EAAB", Alnum, 80),
    ]),
    // payments and shops
    by("https://docs.stripe.com/keys", &[
        Token("sk_live_", Alnum, 10), Token("sk_test_", Alnum, 10), Token("sk_prod_", Alnum, 10), Token("rk_live_", Alnum, 10),
        Token("rk_test_", Alnum, 10), Token("rk_prod_", Alnum, 10), Token("whsec_", Base64, 20),
    ]),
    by("https://developer.squareup.com/docs/build-basics/access-tokens", &[
        Token("EAAA", Word, 56), Token("sq0atp-", Word, 22), Token("sq0csp-", Word, 40),
    ]),
    by("https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens", &[
        Token("shpat_", Hex, 32), Token("shpca_", Hex, 32), Token("shppa_", Hex, 32), Token("shpss_", Hex, 32),
        Token("shpua_", Hex, 32),
    ]),
    by("https://plaid.com/docs/api/tokens/", &[
        Token("access-production-", HexGroups, 36), Token("access-sandbox-", HexGroups, 36),
        Token("access-development-", HexGroups, 36),
    ]),
    by("https://developer.paypal.com/braintree/docs/guides/authorization/overview", &[
        Token("access_token$production$", Crypt, 40), Token("access_token$sandbox$", Crypt, 40),
    ]),
    by("https://developer.flutterwave.com/docs/authentication", &[
        Token("FLWSECK-", Groups, 12), Token("FLWSECK_TEST-", Groups, 12),
    ]),
    by("https://docs.easypost.com/docs/authentication", &[Token("EZAK", Alnum, 54), Token("EZTK", Alnum, 54)]),
    by("https://docs.goshippo.com/docs/guides_general/authentication/", &[
        Token("shippo_live_", Hex, 40), Token("shippo_test_", Hex, 40),
    ]),
    by("https://duffel.com/docs/api/overview/making-requests", &[
        Token("duffel_live_", Dotted, 40), Token("duffel_test_", Dotted, 40),
    ]),
    by("https://razorpay.com/docs/api/authentication/", &[Token("rzp_live_", Alnum, 14), Token("rzp_test_", Alnum, 14)]),
    // language models
    by("https://platform.openai.com/docs/api-reference/authentication", &[
        Token("sk-proj-", Word, 20), Token("sk-svcacct-", Word, 20), Token("sk-admin-", Word, 20), Token("sk-", Alnum, 32),
    ]),
    by("https://docs.anthropic.com/en/api/overview", &[Token("sk-ant-", Word, 20)]),
    by("https://openrouter.ai/docs/api-reference/authentication", &[Token("sk-or-v1-", Hex, 40)]),
    by("https://langfuse.com/docs/api-and-data-platform/features/public-api", &[Token("sk-lf-", HexGroups, 36)]),
    by("https://huggingface.co/docs/hub/security-tokens", &[Token("hf_", Alnum, 30), Token("api_org_", Alnum, 30)]),
    by("https://console.groq.com/docs/quickstart", &[Token("gsk_", Alnum, 40)]),
    by("https://replicate.com/docs/topics/security/api-tokens", &[Token("r8_", Alnum, 37)]),
    by("https://docs.x.ai/docs/overview", &[Token("xai-", Alnum, 40)]),
    by("https://docs.perplexity.ai/getting-started/quickstart", &[Token("pplx-", Alnum, 32)]),
    by("https://docs.pinecone.io/guides/projects/manage-api-keys", &[Token("pcsk_", Word, 40)]),
    by("https://docs.api.nvidia.com/", &[Token("nvapi-", Word, 40)]),
    by("https://docs.langchain.com/langsmith/create-account-api-key", &[Token("lsv2_pt_", Word, 40), Token("lsv2_sk_", Word, 40)]),
    by("https://docs.tavily.com/documentation/api-reference/introduction", &[Token("tvly-", Word, 20)]),
    // other services
    by("https://developers.hubspot.com/docs/guides/apps/private-apps/overview", &[
        Token("pat-na1-", HexGroups, 36), Token("pat-na2-", HexGroups, 36), Token("pat-eu1-", HexGroups, 36),
        Token("pat-ap1-", HexGroups, 36),
    ]),
    by("https://apidocs.launchdarkly.com/", &[Token("sdk-", HexGroups, 36), Token("api-", HexGroups, 36)]),
    by("https://linear.app/developers/graphql", &[Token("lin_api_", Alnum, 30), Token("lin_oauth_", Alnum, 30)]),
    by("https://developers.notion.com/reference/authentication", &[Token("ntn_", Alnum, 40), Token("secret_", Alnum, 43)]),
    by("https://www.figma.com/developers/api#access-tokens", &[
        Token("figd_", Word, 30), Token("figu_", Word, 30), Token("figo_", Word, 30),
    ]),
    by("https://learning.postman.com/docs/reference/postman-api/authentication/", &[Token("PMAK-", HexGroups, 50)]),
    by("https://www.contentful.com/developers/docs/references/authentication/", &[Token("CFPAT-", Word, 40)]),
    by("https://www.typeform.com/developers/get-started/personal-access-token/", &[Token("tfp_", Dotted, 40)]),
    by("https://docs.readme.com/main/reference/authentication", &[Token("rdme_", Alnum, 50)]),
    by("https://www.dropbox.com/developers/reference/auth-types", &[Token("sl.", Dotted, 100)]),
    by("https://developer.adobe.com/developer-console/docs/guides/authentication/", &[Token("p8e-", Alnum, 32)]),
    by(GITLEAKS, &[
        Token("fio-u-", Dotted, 60), Token("ico-", Alnum, 32), Token("sm_aat_", Alnum, 16), Token("sm_pat_", Alnum, 16),
        Token("sm_sat_", Alnum, 16), Token("s-s4t2ud-", Hex, 60), Token("s-s4t2af-", Hex, 60),
    ]),
    // hashes of passwords
    by("https://manpages.debian.org/crypt.5", &[
        Token("$1$", Crypt, 20), Token("$2a$", Crypt, 40), Token("$2b$", Crypt, 40), Token("$2y$", Crypt, 40),
        Token("$5$", Crypt, 20), Token("$6$", Crypt, 20), Token("$7$", Crypt, 20), Token("$y$", Crypt, 20),
        Token("$gy$", Crypt, 20), Token("$sha1$", Crypt, 20), Token("$md5", Crypt, 20),
    ]),
    by("https://httpd.apache.org/docs/2.4/misc/password_encryptions.html", &[
        Token("$apr1$", Crypt, 20), Token("{SHA}", Base64, 26),
    ]),
    by("https://www.openldap.org/doc/admin26/security.html", &[
        Token("{SSHA}", Base64, 20), Token("{SSHA256}", Base64, 20), Token("{SSHA512}", Base64, 20),
        Token("{CRYPT}", Crypt, 12),
    ]),
    by("https://datatracker.ietf.org/doc/html/rfc9106", &[
        Token("$argon2id$", Crypt, 20), Token("$argon2i$", Crypt, 20), Token("$argon2d$", Crypt, 20),
    ]),
    by("https://passlib.readthedocs.io/en/stable/lib/passlib.hash.html", &[
        Token("$pbkdf2", Crypt, 30), Token("$scrypt$", Crypt, 30), Token("$P$", Crypt, 30), Token("$S$", Crypt, 30),
    ]),
    by("https://docs.djangoproject.com/en/stable/topics/auth/passwords/", &[
        Token("pbkdf2_sha256$", Crypt, 30), Token("pbkdf2_sha1$", Crypt, 30), Token("argon2$argon2", Crypt, 30),
        Token("bcrypt_sha256$$", Crypt, 30),
    ]),
    by("https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security", &[
        Token("pbkdf2:sha256:", Scram, 30), Token("scrypt:32768:", Scram, 30),
    ]),
    by("https://www.postgresql.org/docs/current/catalog-pg-authid.html", &[Token("SCRAM-SHA-256$", Scram, 40)]),
    // keys in base64: the text of a key in PEM form, encoded once more
    by("https://datatracker.ietf.org/doc/html/rfc7468", &[
        Token("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS", Base64, 20), Token("LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt", Base64, 20),
        Token("LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS", Base64, 20), Token("LS0tLS1CRUdJTiBEU0EgUFJJVkFURSBLRVkt", Base64, 20),
        Token("LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUg", Base64, 20), Token("LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURSBL", Base64, 20),
        Token("LS0tLS1CRUdJTiBQR1AgUFJJVkFURSBLRVkg", Base64, 20), Token("LS0tLS1CRUdJTiBBTlkgUFJJVkFURSBLRVkt", Base64, 20),
    ]),
    // a JSON web token, encoded once more
    by("https://datatracker.ietf.org/doc/html/rfc7519", &[
        Token("ZXlKaGJHY2lPaU", Base64, 30), Token("ZXlKMGVYQWlPaU", Base64, 30), Token("ZXlKcmFXUWlPaU", Base64, 30),
    ]),
];

/// URLs whose path is the secret, with what stays of them.
#[rustfmt::skip]
const HOOKS: &[Provider] = &[
    by("https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks", &[
        Token("hooks.slack.com/services/", Path, 8), Token("hooks.slack.com/workflows/", Path, 8),
        Token("hooks.slack.com/triggers/", Path, 8),
    ]),
    by("https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook", &[
        Token("webhook.office.com/webhookb2/", Path, 30), Token("outlook.office.com/webhook/", Path, 30),
    ]),
    by("https://discord.com/developers/docs/resources/webhook", &[
        Token("discord.com/api/webhooks/", Path, 30), Token("discordapp.com/api/webhooks/", Path, 30),
    ]),
    by("https://developers.google.com/workspace/chat/quickstart/webhooks", &[Token("chat.googleapis.com/v1/spaces/", Path, 60)]),
    by("https://hooks.zapier.com/", &[Token("hooks.zapier.com/hooks/catch/", Path, 8)]),
    by("https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot", &[
        Token("open.feishu.cn/open-apis/bot/v2/hook/", Path, 20), Token("open.larksuite.com/open-apis/bot/v2/hook/", Path, 20),
    ]),
];

#[rustfmt::skip]
const MIDDLES: &[Middle] = &[
    middle(".atlasv1.", (Alnum, 14, 14), (Word, 60), "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"),
    middle("Q~", (Word, 4, 4), (Dotted, 30), GITLEAKS),
    middle("-us", (Hex, 32, 32), (Digit, 1), "https://mailchimp.com/developer/marketing/docs/fundamentals/"),
    middle(":AA", (Digit, 8, 10), (Word, 32), "https://core.telegram.org/bots/features#botfather"),
    // a key of Azure tells by these what it is for, the last four before its checksum
    middle("+ASt", (Base64, 76, 76), (Base64, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-storage-account-key"),
    middle("+ACR", (Base64, 42, 42), (Base64, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-container-registry-access-key"),
    middle("ACDb", (Base64, 76, 76), (Base64, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-cosmos-db-account-access-key"),
    middle("+AEh", (Base64, 33, 33), (Base64, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-event-hub-connection-string"),
    middle("+ASb", (Base64, 33, 33), (Base64, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-service-bus-connection-string"),
    middle("AIoT", (Base64, 33, 33), (Base64, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-iot-connection-string"),
    middle("AzFu", (Word, 44, 44), (Dotted, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-function-master-key"),
    middle("AzSe", (Alnum, 42, 42), (Alnum, 6), "https://learn.microsoft.com/en-us/purview/sit-defn-azure-search-admin-key"),
    middle("JQQJ9", (Alnum, 52, 52), (Alnum, 20), "https://github.com/microsoft/security-utilities/blob/main/docs/CommonAnnotatedSecurityKey.md"),
];

#[rustfmt::skip]
const PARTS: &[Parts] = &[
    Parts {
        begins: &["SG."],
        parts: &[(Word, 16, 64), (Word, 16, 64)],
        source: "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    },
    Parts {
        begins: &["pat"],
        parts: &[(Alnum, 14, 14), (Hex, 64, 64)],
        source: "https://airtable.com/developers/web/guides/personal-access-tokens",
    },
    // the number of the bot, a time, and the signature
    Parts {
        begins: &["MT", "MD", "Mz", "Mj", "ND", "NT", "Nj", "Nz", "OD", "OT"],
        parts: &[(Word, 21, 26), (Word, 6, 7), (Word, 27, 45)],
        source: "https://discord.com/developers/docs/reference#authentication",
    },
    Parts {
        begins: &["s."],
        parts: &[(Alnum, 24, 24)],
        source: "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    },
    Parts {
        begins: &["4b1d"],
        parts: &[(Alnum, 38, 38)],
        source: "https://clickhouse.com/docs/cloud/manage/openapi",
    },
];

/// All from [`GITLEAKS`].
#[rustfmt::skip]
const SERVICES: &[Service] = &[
    Service("adafruit", Word, &[32]), Service("algolia", Alnum, &[32]), Service("codecov", Alnum, &[32]),
    Service("cloudflare", Word, &[37, 40]), Service("cohere", Alnum, &[40]), Service("confluent", Alnum, &[16, 64]),
    Service("contentful", Word, &[43]), Service("datadog", Alnum, &[32, 40]), Service("discord", Hex, &[64]),
    Service("facebook", Hex, &[32]), Service("fastly", Word, &[32]), Service("heroku", HexGroups, &[36]),
    Service("intercom", Word, &[60]), Service("mailgun", HexGroups, &[32, 50]), Service("mattermost", Alnum, &[26]),
    Service("meraki", Hex, &[40]), Service("newrelic", Alnum, &[40, 64]), Service("okta", Word, &[42]),
    Service("rapidapi", Word, &[50]), Service("sendbird", Hex, &[40]), Service("sentry", Hex, &[64]),
    Service("snyk", HexGroups, &[36]), Service("sumologic", Alnum, &[64]), Service("travis", Alnum, &[22]),
    Service("twilio", Hex, &[32]), Service("twitch", Alnum, &[30]), Service("zendesk", Alnum, &[40]),
];

/// All rows, each with its words.
pub(super) fn words() -> impl Iterator<Item = (&'static str, Row)> {
    let of = |providers: &'static [Provider]| providers.iter().flat_map(|of| of.tokens);
    let parts = |row: &'static Parts| {
        row.begins.iter().map(move |begins| (*begins, Row::Parts(row, begins)))
    };
    of(PROVIDERS)
        .map(|token| (token.0, Row::Token(token)))
        .chain(of(HOOKS).map(|hook| (hook.0, Row::Hook(hook))))
        .chain(MIDDLES.iter().map(|middle| (middle.word, Row::Middle(middle))))
        .chain(PARTS.iter().flat_map(parts))
        .chain(SERVICES.iter().map(|service| (service.0, Row::Service(service))))
}

#[cfg(test)]
mod tests {
    use super::super::shape::Class;
    use super::*;

    fn hidden(text: &str) -> String {
        crate::text::Redactor::built_in().redact(text).into_owned()
    }

    /// So many characters of this class, in which there are all of its kinds.
    fn body(class: Class, len: usize) -> String {
        let bytes = b"a1B2c3D4e5F6a7B8".iter().filter(|byte| class.has(**byte)).cycle();
        bytes.take(len).map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn each_row_is_hidden_where_it_stands() {
        let tokens = PROVIDERS
            .iter()
            .flat_map(|of| of.tokens)
            .map(|Token(begins, class, least)| format!("{begins}{}", body(*class, *least)));
        let middles = MIDDLES.iter().map(|row| {
            let (class, least, _) = row.before;
            format!("{}{}{}", body(class, least), row.word, body(row.after.0, row.after.1))
        });
        let parts = PARTS.iter().flat_map(|row| {
            let parts: Vec<_> =
                row.parts.iter().map(|(class, least, _)| body(*class, *least)).collect();
            row.begins.iter().map(move |begins| format!("{begins}{}", parts.join(".")))
        });
        for token in tokens.chain(middles).chain(parts) {
            assert_eq!(hidden(&format!("x {token} y")), "x [redacted] y");
            assert_eq!(hidden(&format!("\"{token}\",")), "\"[redacted]\",");
        }
        for Token(begins, class, least) in HOOKS.iter().flat_map(|of| of.tokens) {
            let hook = format!("https://{begins}{}", body(*class, *least));
            assert_eq!(hidden(&hook), format!("https://{begins}[redacted]"));
        }
        for Service(name, class, lengths) in SERVICES {
            for len in *lengths {
                let line = format!("{name}: {} forbidden", body(*class, *len));
                assert_eq!(hidden(&line), format!("{name}: [redacted] forbidden"));
            }
        }
    }

    #[test]
    fn each_row_has_a_source() {
        let sources = PROVIDERS.iter().chain(HOOKS).map(|of| of.source);
        let sources = sources
            .chain(MIDDLES.iter().map(|row| row.source))
            .chain(PARTS.iter().map(|row| row.source));
        for source in sources {
            assert!(source.starts_with("https://"), "{source}");
        }
    }

    #[test]
    fn what_begins_like_a_token_stays() {
        for text in [
            "sk-frontend-deployment-7d9f8b6c5d-x2x9z",
            "glib-2.0-development-files",
            "msg.subject",
            "pattern.of.a.path.that.is.long.and.has.many.dots.in.it.and.goes.on.and.on.until.here",
            "sha256:4b1d53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
            "TASKa1B2c3D4e5F6a7B8a1B2c3D4e5F6a7B8",
            "SKIPPED_TESTS_0123456789abcdef0123456789abcdef",
            "key-0123456789abcdef0123456789abcdef0123456789abcdefghij",
            "heroku: release v123 deployed",
            "datadog: trace 8f3a",
            "VALUES ($1, $2, $3)",
        ] {
            assert_eq!(hidden(text), text);
        }
    }
}
