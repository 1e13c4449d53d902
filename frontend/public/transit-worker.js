/* Opens the page of lines without a network. Its built files never change under a name, so they come from the
   store; everything else is asked for, and comes from the store only when nobody answers. */
const STORE = "transit-1";
const PATIENCE_MS = 4000;
const KEPT_ANSWERS = ["/api/catalogue", "/api/transit", "/api/places", "/favicon.svg"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keep(event.data.keep));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === "/transit") event.respondWith(asked(request, "/transit"));
  else if (pathname.startsWith("/assets/")) event.respondWith(stored(request));
  else if (KEPT_ANSWERS.includes(pathname) && !search) event.respondWith(asked(request, pathname));
});

async function begin() {
  for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
  await self.clients.claim();
}

/** Keep the files that the page is made of now, and forget those of an earlier build. */
async function keep(paths) {
  const store = await caches.open(STORE);
  for (const request of await store.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/assets/") && !paths.includes(pathname)) await store.delete(request);
  }
  for (const path of ["/transit", ...KEPT_ANSWERS, ...paths]) {
    if (path.startsWith("/assets/") && (await store.match(path))) continue;
    const answer = await fetch(path).catch(() => null);
    if (answer?.ok) await store.put(path, answer);
  }
}

async function stored(request) {
  const store = await caches.open(STORE);
  const found = await store.match(request, { ignoreSearch: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

/** From the network when it answers in time, else what was kept under the name. */
async function asked(request, name) {
  const store = await caches.open(STORE);
  const found = await store.match(name);
  try {
    const answer = await Promise.race([fetch(request), found ? late() : new Promise(() => undefined)]);
    if (answer.ok) await store.put(name, answer.clone());
    return answer.status < 500 || !found ? answer : found;
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

function late() {
  return new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE_MS));
}
