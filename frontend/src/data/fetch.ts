/** One way to ask the service, and one shape for whatever goes wrong. */

const PATIENCE_MS = 20_000;

/** Something the page could not get. `zh` and `en` are whole sentences for a reader. */
export class Problem extends Error {
  constructor(
    readonly zh: string,
    readonly en: string,
    readonly status: number | null = null,
    readonly successors: string[] = [],
  ) {
    super(en);
    this.name = "Problem";
  }
}

interface ProblemBody {
  detail?: string;
  detail_zh?: string;
  detail_en?: string;
  successors?: string[];
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  const plain = body.detail ?? "";
  const zh = body.detail_zh ?? (plain || `服务回答了状态 ${response.status}。`);
  const en = body.detail_en ?? (plain || `The service answered with status ${response.status}.`);
  return new Problem(zh, en, response.status, body.successors ?? []);
}

/** What came of asking again: the same as before, or something else with its mark. */
export type Answer<T> = { same: true } | { same: false; value: T; etag: string | null };

/** The JSON at a path, unless it is still that of `etag`. Raises Problem as getJson does. */
export function askAgain<T>(path: string, etag: string | null): Promise<Answer<T>> {
  // Past the browser's store: it would answer by itself while the service is away.
  const init: RequestInit = { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {} };
  return ask(path, init, async (response) => {
    if (response.status === 304) return { same: true };
    if (!response.ok) throw await problemOf(response);
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
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as T;
  };
  // The browser may keep an answer but asks whether it still holds: else two revisions would be mixed.
  return ask(path, { cache: "no-cache" }, read, signal);
}

/**
 * The answer to a change: `body` is sent as JSON to a path of this service.
 *
 * Raises Problem as getJson does. The header tells the service that a page of its own asks.
 */
export function sendJson<T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { "X-Guatu": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  return ask(path, { ...init, cache: "no-store" }, async (response) => {
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as T;
  });
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
    throw new Problem("连不上服务。", "The service cannot be reached.");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
