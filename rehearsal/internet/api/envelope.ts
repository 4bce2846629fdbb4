/** An error in the answer of Cloudflare's API. */
export interface ApiError {
  readonly code: number;
  readonly message: string;
  /** Where in the request's body, as a JSON pointer. */
  readonly source?: { readonly pointer: string };
}

/** An answer of Cloudflare's API, before it becomes HTTP. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  readonly body: Envelope;
}

/** What every answer of Cloudflare's API is wrapped in. */
export interface Envelope {
  readonly success: boolean;
  readonly errors: readonly ApiError[];
  readonly messages: readonly unknown[];
  readonly result: unknown;
  readonly result_info?: PageInfo;
}

/** Where a page lies in a list. */
export interface PageInfo {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count: number;
  readonly total_pages: number;
}

/** An answer that says yes. */
export function granted(result: unknown): Answer {
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}

/** An answer that says no. */
export function refused(status: number, ...errors: readonly ApiError[]): Answer {
  return { status, body: { success: false, errors, messages: [], result: null } };
}

/** The page of a list that a query asks for by `page` and `per_page`. */
export function page(all: readonly unknown[], query: URLSearchParams): Answer {
  const number = (name: string, otherwise: number): number => {
    const value = Number(query.get(name) ?? otherwise);
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  const size = number("per_page", 100);
  const at = number("page", 1);
  const result = all.slice((at - 1) * size, at * size);
  const info: PageInfo = {
    page: at,
    per_page: size,
    count: result.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / size),
  };
  return { status: 200, body: { success: true, errors: [], messages: [], result, result_info: info } };
}
