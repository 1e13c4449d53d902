/** One way to ask the service, and one shape for whatever goes wrong. */

const PATIENCE_MS = 20_000;

/** What the service says of a problem (RFC 9457), as far as pages look at it. */
export interface ProblemBody {
  code?: string;
  detail?: string;
  detail_zh?: string;
  detail_en?: string;
  successors?: string[];
  /** Each fault, up to a hundred, and how many there are. */
  errors?: Fault[];
  errors_total?: number;
  /** What a reader may choose from, by field. */
  offers?: Record<string, unknown[]>;
  instance?: string;
  upload?: number;
  confirm?: string;
}

/** One fault of many. lon, lat: degrees (WGS84), where it has a place. */
export interface Fault {
  code: string;
  /** Which part of a question it is about: /query/radius_m. */
  pointer?: string;
  detail_zh: string;
  detail_en: string;
  row?: number | null;
  line?: number | null;
  column?: number | null;
  field?: string;
  /** Of a name that several places bear: what to ask for instead. */
  place?: string;
  lon?: number | null;
  lat?: number | null;
}

/** Something the page could not get. `zh` and `en` are whole sentences for a reader. */
export class Problem extends Error {
  constructor(
    readonly zh: string,
    readonly en: string,
    /** Null: no answer came at all. */
    readonly status: number | null = null,
    readonly said: ProblemBody = {},
  ) {
    super(en);
    this.name = "Problem";
  }

  get code(): string {
    return this.said.code ?? "";
  }

  get successors(): string[] {
    return this.said.successors ?? [];
  }
}

/** The problem that an answer with a status of 400 or more tells; its body may be anything. */
export function problemOf(status: number, body: unknown): Problem {
  const said = (body && typeof body === "object" ? body : {}) as ProblemBody;
  const plain = said.detail ?? "";
  const zh = said.detail_zh ?? (plain || `服务回答了状态 ${status}。`);
  const en = said.detail_en ?? (plain || `The service answered with status ${status}.`);
  return new Problem(zh, en, status, said);
}

export const unreachable = (): Problem => new Problem("连不上服务。", "The service cannot be reached.");

const problemIn = async (response: Response): Promise<Problem> =>
  problemOf(response.status, await response.json().catch(() => null));

/** What came of asking again: the same as before, or something else with its mark. */
export type Answer<T> = { same: true } | { same: false; value: T; etag: string | null };

/** The JSON at a path, unless it is still that of `etag`. Raises Problem as getJson does. */
export function askAgain<T>(path: string, etag: string | null): Promise<Answer<T>> {
  // Past the browser's store: it would answer by itself while the service is away.
  const init: RequestInit = { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {} };
  return ask(path, init, async (response) => {
    if (response.status === 304) return { same: true };
    if (!response.ok) throw await problemIn(response);
    return { same: false, value: (await response.json()) as T, etag: response.headers.get("ETag") };
  });
}

/**
 * The JSON at a path of this service.
 *
 * Raises Problem when there is no answer in 20 s, when the answer is an error, or when it is not JSON.
 * An aborted `signal` raises the browser's AbortError instead.
 */
export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const read = async (response: Response): Promise<T> => {
    if (!response.ok) throw await problemIn(response);
    return (await response.json()) as T;
  };
  // The browser may keep an answer but asks whether it still holds: else two revisions would be mixed.
  return ask(path, { cache: "no-cache" }, read, signal);
}

/** An answer to a change, with what its headers say: the version (ETag) and where to ask next (Location). */
export interface Reply<T> {
  status: number;
  body: T;
  etag: string | null;
  location: string | null;
}

/**
 * The reply to a change: `body` is sent as JSON to a path of this service, with more headers if need be.
 *
 * Raises Problem as getJson does. A header tells the service that a page of its own asks.
 */
export function exchange<T>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<Reply<T>> {
  const headers: Record<string, string> = { "X-Guatu": "1", ...more };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  return ask(path, { ...init, cache: "no-store" }, async (response) => {
    if (!response.ok) throw await problemIn(response);
    return {
      status: response.status,
      body: (await response.json()) as T,
      etag: response.headers.get("ETag"),
      location: response.headers.get("Location"),
    };
  });
}

/** The body of that reply, where nothing else of it matters. */
export async function sendJson<T>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  return (await exchange<T>(method, path, body)).body;
}

async function ask<T>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const patience = new AbortController();
  const stop = () => patience.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  signal?.addEventListener("abort", stop);
  try {
    const headers = { Accept: "application/json", ...init.headers };
    return await read(await fetch(path, { ...init, headers, signal: patience.signal }));
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error;
    if (patience.signal.aborted)
      throw new Problem("服务 20 秒没有回答。", "The service did not answer in 20 seconds.");
    if (error instanceof SyntaxError)
      throw new Problem("服务的回答读不懂。", "The answer of the service cannot be read.");
    throw unreachable();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
