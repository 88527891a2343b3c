// What is written to ImageBoss: one kind of credentials per storage.
import type { ImageBossSourceChanges, ImageBossSourceInput } from "image-sources";

const source = "photos";
const accept = (..._: ImageBossSourceInput[]) => {};
const change = (..._: ImageBossSourceChanges[]) => {};

const access = { access_key: "a", secret: "b", bucket: "c" };
accept(
  { source, source_type: "s3", credential_attributes: { access_key_id: "a", secret_access_key: "b", bucket: "c", region: "r" } },
  { source, source_type: "gcs", credential_attributes: { ...access } },
  { source, source_type: "dos", credential_attributes: { ...access, region: "nyc3" } },
  { source, source_type: "r2", credential_attributes: { ...access } },
  { source, source_type: "akamai", credential_attributes: { ...access, endpoint: "e" } },
  { source, source_type: "wasabi", credential_attributes: { ...access, require_token: true } },
  { source, source_type: "azure", credential_attributes: { account_name: "a", service_type: "blob", container_name: "c", sas_token: "t" } },
  { source, source_type: "azure", credential_attributes: { account_name: "a", service_type: "file-share", share_name: "c", sas_token: "t" } },
  { source, source_type: "url", credential_attributes: { url: "https://e", require_token: "false" } },
);

// @ts-expect-error the region is missing
accept({ source, source_type: "s3", credential_attributes: { access_key_id: "a", secret_access_key: "b", bucket: "c" } });
// @ts-expect-error the names of other storages
accept({ source, source_type: "s3", credential_attributes: { access_key: "a", secret: "b", bucket: "c", region: "r" } });
// @ts-expect-error Google has no region here
accept({ source, source_type: "gcs", credential_attributes: { access_key: "a", secret: "b", bucket: "c", region: "r" } });
// @ts-expect-error the region is missing
accept({ source, source_type: "dos", credential_attributes: { ...access } });
// @ts-expect-error an attribute that is not declared: it goes in `extra`
accept({ source, source_type: "r2", credential_attributes: { access_key: "a", secret: "b", bucket: "c", account_id: "i" } });
// @ts-expect-error the endpoint is missing
accept({ source, source_type: "akamai", credential_attributes: { ...access } });
// @ts-expect-error the secret is missing
accept({ source, source_type: "wasabi", credential_attributes: { access_key: "a", bucket: "c" } });
// @ts-expect-error a blob store has a container
accept({ source, source_type: "azure", credential_attributes: { account_name: "a", service_type: "blob", share_name: "c", sas_token: "t" } });
// @ts-expect-error one or the other
accept({ source, source_type: "azure", credential_attributes: { account_name: "a", service_type: "blob", container_name: "c", share_name: "c", sas_token: "t" } });
// @ts-expect-error no such service
accept({ source, source_type: "azure", credential_attributes: { account_name: "a", service_type: "table", container_name: "c", sas_token: "t" } });
// @ts-expect-error the address is missing
accept({ source, source_type: "url", credential_attributes: {} });
// @ts-expect-error neither true nor false
accept({ source, source_type: "url", credential_attributes: { url: "https://e", require_token: "yes" } });
// @ts-expect-error made by ImageBoss
accept({ source, source_type: "url", credential_attributes: { url: "https://e", secret_token: "t" } });

// @ts-expect-error no such type
accept({ source, source_type: "ftp", credential_attributes: { url: "https://e" } });
// @ts-expect-error the name is missing
accept({ source_type: "url", credential_attributes: { url: "https://e" } });
// @ts-expect-error what is read has another name
accept({ source, source_type: "url", credentials: { url: "https://e" } });
// @ts-expect-error set by ImageBoss
accept({ source, source_type: "url", credential_attributes: { url: "https://e" }, created_at: "2026-01-01T00:00:00Z" });

// Changes: any part.
change({}, { source: "other" }, { credential_attributes: { require_token: true } }, { credential_attributes: { secret: "s", bucket: "b" } });
change({ source_type: "azure", credential_attributes: { service_type: "file-share", share_name: "s" } });
change({ source_type: "url" });
// @ts-expect-error an attribute of another storage
change({ source_type: "url", credential_attributes: { bucket: "b" } });
// @ts-expect-error the names do not go with each other
change({ source_type: "azure", credential_attributes: { service_type: "blob", share_name: "s" } });
// @ts-expect-error what is read is not written
change({ credentials: { url: "https://e" } });
// @ts-expect-error never null
change({ source: null });
// @ts-expect-error misspelt
change({ credential_attributes: { buket: "b" } });
