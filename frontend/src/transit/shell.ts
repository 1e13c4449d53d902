/** Keeps what this page is made of on the device, so that it opens again without a network. */

const WORKER = "/transit-worker.js";

/** Nothing is lost where the browser refuses: the page then needs the network to open. */
export function keepPage(): void {
  if (!("serviceWorker" in navigator)) return;
  const register = async (): Promise<void> => {
    try {
      await navigator.serviceWorker.register(WORKER, { scope: "/transit" });
      const { active } = await navigator.serviceWorker.ready;
      const parts = performance
        .getEntriesByType("resource")
        .map(({ name }) => new URL(name))
        .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/assets/"))
        .map(({ pathname }) => pathname);
      active?.postMessage({ keep: [...new Set(parts)] });
    } catch {
      // An insecure origin, or storage that is forbidden.
    }
  };
  if (document.readyState === "complete") void register();
  else addEventListener("load", () => void register());
}
