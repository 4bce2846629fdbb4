import type pg from "pg";

/** What can be asked queries. */
export interface Asks {
  query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** One connection that several askers share: each query waits for the one before. */
export class Turns implements Asks {
  readonly #client: Asks;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: Asks) {
    this.#client = client;
  }

  query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<Row>> {
    const asked = this.#last.then(() => this.#client.query<Row>(text, values));
    this.#last = asked.catch(() => undefined);
    return asked;
  }
}
