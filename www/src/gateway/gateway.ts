// What a gateway has beside the providers: a record of all writes, jobs that go on without this page, and how its limits stand.

const FEATURES = ["audit", "jobs", "limits"] as const;
export type Feature = (typeof FEATURES)[number];
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

export class Gateway {
  readonly url: string;
  readonly #send: Ask;
  /** What is known to be there. What is refused is there as well, and says why. */
  readonly offers = new Set<Feature>();

  /** `url`: where it answers `/status` and all that. */
  constructor(url: string, send: Ask) {
    this.url = url;
    this.#send = send;
  }

  /** Asks the gateway itself; the path is told from its address. */
  readonly ask: Ask = async (path, init) => {
    const answer = await this.#send(path, init);
    const name = FEATURES.find((name) => path.startsWith(name));
    if (name && answer.status !== 404) this.offers.add(name);
    return answer;
  };

  /** Finds out what there is. */
  probe(): Promise<unknown> {
    return Promise.allSettled(FEATURES.map(async (name) => (await this.ask(`${name}?limit=1`)).body?.cancel()));
  }
}
