import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../../model/capabilities.js";
import type { Permission } from "../../model/permissions.js";
import { visible } from "../../text/visible.js";
import type { ProviderName } from "../../types.js";
import { icon, type IconName } from "../../widgets/icons.js";
import { sentence } from "../../widgets/parts.js";

const FOUND: Record<Permission["found"], [string, IconName | undefined]> = { asking: ["asking …", undefined], yes: ["yes", "check"], no: ["no", "close"], unknown: ["not known", "help"] };

/** What a key may do. */
export const permissionTable = (provider: ProviderName, permissions: readonly Permission[]): TemplateResult => html`
  <table class="permissions">
    <caption>What the key of ${brand(provider)} may do</caption>
    <thead><tr><th scope="col">Permission</th><th scope="col">Given</th><th scope="col">Lets one</th></tr></thead>
    <tbody>
      ${permissions.map(({ name, found, because, operations }) => {
        const [words, mark] = FOUND[found];
        return html`<tr data-found=${found}>
          <th scope="row">${visible(name)}</th>
          <td>${mark ? icon(mark) : nothing}${words}${because && found !== "yes" ? html`<span class="because">${sentence(because)}</span>` : nothing}</td>
          <td class="mono">${operations.join(", ")}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
