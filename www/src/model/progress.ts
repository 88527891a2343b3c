// How far a file is on its way. The platform's `fetch` does not tell, its older sister does: bodies that somebody watches are
// sent by that one, and everything else as ever.

export interface Sent {
  /** A session's bytes go straight to the storage, by PUT. */
  way: "one request" | "session";
  bytes: number;
  /** The provider has asked to wait, and it will be sent again. */
  mustWait?: boolean;
}

const watchers = new WeakMap<Blob, (sent: Sent) => void>();

export function watch(body: Blob, tell: (sent: Sent) => void): void {
  watchers.set(body, tell);
}

/** The network, or what stands in its place. */
export const withProgress =
  (stand?: typeof fetch): typeof fetch =>
  (address, init) => {
    const plain = stand ?? fetch;
    const body = init?.body;
    const tell = body instanceof Blob ? watchers.get(body) : undefined;
    if (!tell || !init || typeof address !== "string") return plain(address, init);
    const way = init.method === "PUT" ? "session" : "one request";
    tell({ way, bytes: 0 });
    // What stands in for the network, as a sandbox in the page does, has to be asked itself.
    const answer = !stand ? send(address, init, (bytes) => tell({ way, bytes })) : plain(address, init);
    return answer.then((answer) => {
      if (answer.status === 429) tell({ way, bytes: 0, mustWait: true });
      return answer;
    });
  };

function send(address: string, init: RequestInit, tell: (bytes: number) => void): Promise<Response> {
  const { signal } = init;
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    const lost = (): void => failed(new TypeError("the connection broke"));
    request.open(init.method ?? "GET", address);
    request.responseType = "arraybuffer";
    request.withCredentials = init.credentials === "include";
    new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value));
    request.upload.onprogress = ({ loaded }) => tell(loaded);
    request.onerror = lost;
    request.onabort = () => failed(signal?.reason ?? new DOMException("stopped", "AbortError"));
    request.onload = () => done(answer(request, address));
    request.onloadend = () => signal?.removeEventListener("abort", stop);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    request.send(init.body as Blob);
  });
}

/** It follows redirects by itself; who asked must see that there was one. */
function answer(request: XMLHttpRequest, address: string): Response {
  const status = request.responseURL === new URL(address, location.href).href ? request.status : 307;
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split("\r\n")) {
    const at = line.indexOf(":");
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  const hasBody = ![204, 205, 304].includes(status);
  return new Response(hasBody ? (request.response as ArrayBuffer) : null, { status, headers });
}
