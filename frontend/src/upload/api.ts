/** What the page asks the service when files are brought, reviewed, published and taken back. */
import type {
  Answers,
  Change,
  ChangeShapes,
  Changeset,
  ChangesetEntry,
  Decided,
  Filter,
  Form,
  Job,
  ListedUpload,
  Outcome,
  Upload,
  UploadEntry,
} from "../data/changesets";
import { exchange, getJson, Problem, problemOf, type Reply, unreachable } from "../data/fetch";

/** The service answers after so many seconds at the latest and goes on by itself: then it says how far it is. */
const SOON = { Prefer: "wait=2" };
const PAGE = 100;

// --- looking ----------------------------------------------------------------------------------
export const uploadsOf = (before: number | null): Promise<{ uploads: ListedUpload[]; next: number | null }> =>
  getJson(`/api/uploads?limit=20${before ? `&before=${before}` : ""}`);

/** The latest of a kind and a dataset. */
export const uploadsLike = (kind: string, dataset: string): Promise<{ uploads: ListedUpload[] }> =>
  getJson(`/api/uploads?${new URLSearchParams({ kind, dataset, limit: "20" })}`);

export const uploadOf = (path: string): Promise<Upload> => getJson(path);

export const changesetsOf = (
  state: "staged" | "published",
  before: number | null,
): Promise<{ changesets: ChangesetEntry[]; next: number | null }> =>
  getJson(`/api/changesets?state=${state}&limit=20${before ? `&before=${before}` : ""}`);

export const changesetOf = (id: number): Promise<Changeset> => getJson(`/api/changesets/${id}`);

export const changesOf = (
  id: number,
  filter: Filter,
  cursor: number,
): Promise<{ changes: Change[]; next: number | null }> => {
  const query = new URLSearchParams({ ...filter, cursor: String(cursor), limit: String(PAGE) });
  return getJson(`/api/changesets/${id}/changes?${query}`);
};

export const shapesOf = (id: number, n: number, signal: AbortSignal): Promise<ChangeShapes> =>
  getJson(`/api/changesets/${id}/changes/${n}`, signal);

export const jobOf = (path: string): Promise<Job> => getJson(path);

/** The file of an upload, as it was sent. Raises Problem when it is no longer kept. */
export async function fileOf(upload: UploadEntry): Promise<File> {
  const response = await fetch(`/api/uploads/${upload.id}/file`).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null));
  return new File([await response.blob()], upload.name);
}

// --- acting -----------------------------------------------------------------------------------
const matching = (version: number): Record<string, string> => ({ "If-Match": `"${version}"` });

export const decideOn = (
  id: number,
  version: number,
  where: Filter & { n?: number[] },
  decision: "accept" | "reject",
): Promise<Reply<Decided>> =>
  exchange("PATCH", `/api/changesets/${id}/changes`, { where, decision }, matching(version));

export const publishing = (
  id: number,
  version: number,
  said: { reason: string; confirm: string },
  key: string,
): Promise<Reply<Outcome>> =>
  exchange("POST", `/api/changesets/${id}/publish`, said, {
    ...SOON,
    ...matching(version),
    "Idempotency-Key": key,
  });

export const reverting = (id: number, reason: string, key: string): Promise<Reply<Outcome>> =>
  exchange("POST", `/api/changesets/${id}/revert`, { reason }, { ...SOON, "Idempotency-Key": key });

/** Undo what was recorded by hand: public at once where recording is. */
export const takingBack = (id: number, reason: string, key: string): Promise<Reply<Outcome>> =>
  exchange("POST", `/api/changesets/${id}/take-back`, { reason }, { "Idempotency-Key": key });

export const rebasing = (id: number, version: number): Promise<Reply<Outcome>> =>
  exchange("POST", `/api/changesets/${id}/rebase`, undefined, { ...SOON, ...matching(version) });

export const discarding = (id: number, version: number): Promise<Reply<Outcome>> =>
  exchange("POST", `/api/changesets/${id}/discard`, undefined, matching(version));

/**
 * Send a file with its form. `sent` hears how many of how many bytes have gone, `stop` gives it up.
 *
 * Raises Problem when it is refused or cannot be sent; AbortError when it was given up.
 */
export function sending(
  file: File,
  form: Form & Answers,
  key: string,
  sent: (done: number, total: number) => void,
  stop: AbortSignal,
): Promise<Reply<Upload>> {
  const data = new FormData();
  for (const [name, value] of Object.entries(form))
    if (value) data.set(name, typeof value === "string" ? value : JSON.stringify(value));
  data.set("file", file, file.name);
  // What fetch cannot do: say how much of the body has gone.
  const request = new XMLHttpRequest();
  return new Promise((done, failed) => {
    request.upload.onprogress = ({ loaded, total }) => sent(loaded, total);
    request.onerror = () => failed(unreachable());
    request.onabort = () => failed(new DOMException("given up", "AbortError"));
    request.onload = () => {
      const { status } = request;
      const body = parsed(request.responseText);
      if (status >= 400) failed(problemOf(status, body));
      else if (body === null)
        failed(new Problem("服务的回答读不懂。", "The answer of the service cannot be read."));
      else
        done({ status, body: body as Upload, etag: null, location: request.getResponseHeader("Location") });
    };
    stop.addEventListener("abort", () => request.abort());
    request.open("POST", "/api/uploads");
    for (const [name, value] of Object.entries({ ...SOON, "X-Guatu": "1", "Idempotency-Key": key }))
      request.setRequestHeader(name, value);
    request.send(data);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
