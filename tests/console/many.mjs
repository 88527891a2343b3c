// Very many sources, for a sandbox that has few: copies of the first one with other names.

/** @param {{ imgix?: number, imageboss?: number }} counts */
export const many = ({ imgix = 0, imageboss = 0 }) => (sandbox) => {
  let first;
  return async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    if ((init?.method ?? "GET") !== "GET" || !pathname.endsWith("/sources")) return sandbox.fetch(url, init);
    const answer = await sandbox.fetch(url, init);
    if (!answer.ok) return answer;
    const body = JSON.parse(await answer.text());
    if (Array.isArray(body)) return json(imageboss === 0 ? body : copies(body[0], 0, imageboss, (one, at) => ({ ...one, id: `boss-${at}`, source: `many-${at}` })));
    if (imgix === 0) return json(body);
    first ??= body.data[0];
    const size = Number(searchParams.get("page[size]") ?? 20);
    const page = Number(searchParams.get("page[number]") ?? 0);
    const data = copies(first, page * size, Math.min((page + 1) * size, imgix), (one, at) => ({
      ...one,
      id: at.toString(16).padStart(24, "0"),
      attributes: { ...one.attributes, name: `Many ${at}`, deployment_status: "deployed", date_deployed: 1_700_000_000 + at },
    }));
    const totalPages = Math.ceil(imgix / size);
    const hasNextPage = page + 1 < totalPages;
    const pagination = { currentPage: page, hasNextPage, hasPreviousPage: page > 0, nextPage: hasNextPage ? page + 1 : null, previousPage: page > 0 ? page - 1 : null, pageSize: size, totalPages, totalRecords: imgix };
    return json({ ...body, data, meta: { ...body.meta, pagination } });
  };
};

const copies = (one, from, to, change) => Array.from({ length: Math.max(0, to - from) }, (_, at) => change(one, from + at));
const json = (body) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
