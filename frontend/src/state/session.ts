/** Who is signed in. The page of the map works the same without anybody. */
import { signal } from "@preact/signals";
import { getJson, Problem, sendJson } from "../data/fetch";

export interface Session {
  signed_in: boolean;
  name: string | null;
  role: "planner" | "gis" | "admin" | null;
  reviewer: boolean;
  may_record: boolean;
  may_upload: boolean;
  may_manage: boolean;
}

/** Null until it is known, and while nobody is. */
export const session = signal<Session | null>(null);

const known = (found: Session): void => {
  session.value = found.signed_in ? found : null;
};

/** Ask who is signed in. Not being told is the same as nobody: what needs somebody will say so. */
export async function loadSession(): Promise<void> {
  try {
    known(await getJson<Session>("/api/session"));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    session.value = null;
  }
}

/** Raises Problem when the name or the password is wrong, or there were too many tries. */
export async function signIn(name: string, password: string): Promise<void> {
  known(await sendJson<Session>("POST", "/api/session", { name, password }));
}

/** An administrator's link for whoever forgot their password: the secret, empty without one, and for whom. */
export function linkIn(hash: string): { secret: string; name: string } {
  const given = new URLSearchParams(hash.slice(1));
  return { secret: given.get("link") ?? "", name: given.get("name") ?? "" };
}

/** Answers whose password it now is. Raises Problem when the link does not hold or the password is weak. */
export async function choosePassword(secret: string, password: string): Promise<string> {
  const chosen = { link: secret, new: password };
  const { name } = await sendJson<{ name: string }>("POST", "/api/session/link", chosen);
  // This browser may have been signed in with the account: its sessions have ended.
  await loadSession();
  return name;
}

/** Whether it could be done: where the service cannot be reached the session still lives. */
export async function signOut(): Promise<boolean> {
  try {
    await sendJson<Session>("DELETE", "/api/session");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // A session that has ended by itself is one that has ended.
    if (error.status !== 401) return false;
  }
  session.value = null;
  return true;
}

/** Where to go after signing in: the page asked for, if it is one of this site, else the map. */
export function pageAfter(search: string, origin: string): string {
  const wanted = new URLSearchParams(search).get("next") ?? "/";
  try {
    const url = new URL(wanted, origin);
    const ours = url.origin === origin && wanted.startsWith("/") && url.pathname !== "/signin";
    return ours ? url.pathname + url.search + url.hash : "/";
  } catch {
    return "/";
  }
}
