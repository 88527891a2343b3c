// What is written to imgix: one kind of deployment per storage.
import type { ImgixDeploymentInput, ImgixSourceChanges, ImgixSourceInput } from "image-sources";

const imgix_subdomains = ["example"];
const accept = (..._: ImgixDeploymentInput[]) => {};
const change = (..._: ImgixSourceChanges[]) => {};

const s3 = { s3_access_key: "a", s3_secret_key: "b", s3_bucket: "c" };
accept({ type: "s3", imgix_subdomains, ...s3 }, { type: "s3", imgix_subdomains, ...s3, s3_prefix: null, custom_domains: [] });
// @ts-expect-error the bucket is missing
accept({ type: "s3", imgix_subdomains, s3_access_key: "a", s3_secret_key: "b" });
// @ts-expect-error an attribute of another storage
accept({ type: "s3", imgix_subdomains, s3_access_key: "a", s3_secret_key: "b", s3_bucket: "c", gcs_bucket: "d" });
// @ts-expect-error the bucket cannot be null
accept({ type: "s3", imgix_subdomains, s3_access_key: "a", s3_secret_key: "b", s3_bucket: null });

const compatible = { access_key_id: "a", secret_key: "b", bucket_name: "c", endpoint_url: "https://e", region: "r" };
accept({ type: "s3_compatible", imgix_subdomains, ...compatible, storage_provider: "Wasabi" });
accept({ type: "s3_compatible", imgix_subdomains, ...compatible, storage_provider: "some other" });
// @ts-expect-error who stores is missing
accept({ type: "s3_compatible", imgix_subdomains, ...compatible });
// @ts-expect-error attributes of S3 proper
accept({ type: "s3_compatible", imgix_subdomains, ...s3 });

accept({ type: "gcs", imgix_subdomains, gcs_access_key: "a", gcs_secret_key: "b", gcs_bucket: "c", gcs_prefix: "d" });
// @ts-expect-error the secret is missing
accept({ type: "gcs", imgix_subdomains, gcs_access_key: "a", gcs_bucket: "c" });

accept({ type: "azure", imgix_subdomains, azure_account: "a", azure_sas_string: "b", azure_bucket: "c", azure_service_type: "blob" });
// @ts-expect-error the account is missing
accept({ type: "azure", imgix_subdomains, azure_sas_string: "b", azure_bucket: "c" });

accept({ type: "webfolder", imgix_subdomains, webfolder_base_url: "https://e", username: null, password: "p" });
// @ts-expect-error the address is missing
accept({ type: "webfolder", imgix_subdomains });
// @ts-expect-error set by imgix
accept({ type: "webfolder", imgix_subdomains, webfolder_base_url: "https://e", password_set: true });

accept({ type: "webproxy", imgix_subdomains, secure_url_enabled: true });
// @ts-expect-error web proxies are always signed
accept({ type: "webproxy", imgix_subdomains });
// @ts-expect-error web proxies are always signed
accept({ type: "webproxy", imgix_subdomains, secure_url_enabled: false });
// @ts-expect-error a proxy has no base address
accept({ type: "webproxy", imgix_subdomains, secure_url_enabled: true, webfolder_base_url: "https://e" });

// @ts-expect-error no such type
accept({ type: "ftp", imgix_subdomains });
// @ts-expect-error the type is missing
accept({ imgix_subdomains, webfolder_base_url: "https://e" });
// @ts-expect-error subdomains are missing
accept({ type: "webfolder", webfolder_base_url: "https://e" });
// @ts-expect-error not one of the known behaviours
accept({ type: "webfolder", imgix_subdomains, webfolder_base_url: "https://e", cache_ttl_behavior: "never" });
// @ts-expect-error no string
accept({ type: "webfolder", imgix_subdomains, webfolder_base_url: "https://e", cache_ttl_value: "60" });
// @ts-expect-error misspelt
accept({ type: "webfolder", imgix_subdomains, webfolder_base_url: "https://e", cache_ttl: 60 });

const deployment: ImgixDeploymentInput = { type: "webproxy", imgix_subdomains: ["a"] as const, secure_url_enabled: true };
({ name: "n", deployment }) satisfies ImgixSourceInput;
// @ts-expect-error the name is missing
({ deployment }) satisfies ImgixSourceInput;
// @ts-expect-error sources are born enabled
({ name: "n", deployment, enabled: true }) satisfies ImgixSourceInput;
// @ts-expect-error set by imgix
({ name: "n", deployment, date_deployed: 1 }) satisfies ImgixSourceInput;

// Changes: any part, the type may be left out.
change({}, { name: "n" }, { enabled: false }, { deployment: {} });
change({ deployment: { s3_secret_key: "s" } }, { deployment: { type: "s3", s3_secret_key: "s" } }, { deployment: { "robots.txt": "origin" } });
change({ deployment: { secure_url_enabled: false, image_error: null } });
// @ts-expect-error an attribute of another storage
change({ deployment: { type: "s3", gcs_secret_key: "s" } });
// @ts-expect-error web proxies are always signed
change({ deployment: { type: "webproxy", secure_url_enabled: false } });
// @ts-expect-error set by imgix
change({ deployment_status: "deployed" });
// @ts-expect-error misspelt
change({ deployment: { cache_ttl: 60 } });

// The type narrows.
if (deployment.type === "webproxy") deployment.secure_url_enabled satisfies true;
// @ts-expect-error other types have no bucket of this name
if (deployment.type !== "s3") deployment.s3_bucket;
