// What the API can be asked for, as it stands in the address of the page and in the request. Filters that only the API's
// documentation names are named here, once.

export interface Filter {
  /** In the address of the page. */
  key: string;
  name: string;
  label: string;
  hint?: string;
  values?: [value: string, label: string][];
}

/** Search comes first: it has a place of its own. */
export const SEARCH: Filter = { key: "q", name: "keyword", label: "Search" };

export const FILTERS: readonly Filter[] = [
  { key: "kind", name: "media_kind", label: "Kind", values: [["IMAGE", "Images"], ["VIDEO", "Videos"], ["DOCUMENT", "Documents"]] },
  { key: "path", name: "origin_path", label: "Path contains" },
  { key: "tags", name: "tags", label: "Tags", hint: "all of them, with commas between" },
  { key: "cats", name: "categories", label: "Categories", hint: "all of them, with commas between" },
  { key: "color", name: "colors", label: "Colour", hint: "hexadecimal, such as 1f9f5f" },
  { key: "faces", name: "face_count", label: "Faces", hint: "2, 1: or 1:3" },
  { key: "frames", name: "has_frames", label: "Animated", values: [["true", "Yes"], ["false", "No"]] },
  { key: "custom", name: "custom:", label: "Custom field", hint: "name, or name=value" },
];

export const SORTS: readonly [value: string, label: string][] = [
  ["", "As imgix lists them"], ["-date_created", "Newest first"], ["date_created", "Oldest first"], ["-date_modified", "Changed last first"],
  ["date_modified", "Changed first first"], ["-file_size", "Largest first"], ["file_size", "Smallest first"],
];

export const SIZES: readonly number[] = [100, 500, 1000];

/** What stands in the address of the page. */
export type Asked = Record<string, string>;

export interface Query {
  filter?: Record<string, string>;
  sort?: string[];
  page: { limit: number };
}

export function queryOf(asked: Asked): Query {
  const filter: Record<string, string> = {};
  for (const { key, name } of [SEARCH, ...FILTERS]) {
    const value = asked[key]?.trim();
    if (!value) continue;
    if (name !== "custom:") filter[name] = key === "color" ? value.replaceAll("#", "") : value;
    else {
      const [field = "", ...rest] = value.split("=");
      if (field.trim()) filter[name + field.trim()] = rest.join("=").trim();
    }
  }
  const sort = SORTS.find(([value]) => value && value === asked["sort"])?.[0];
  const limit = SIZES.find((size) => String(size) === asked["per"]) ?? SIZES[0]!;
  return { ...(Object.keys(filter).length > 0 && { filter }), ...(sort && { sort: [sort] }), page: { limit } };
}

/** The filters that are set, search left out. */
export const active = (asked: Asked): Filter[] => FILTERS.filter(({ key }) => asked[key]?.trim());
