/** What somebody published is seen at once by them: in this page, and in the others of the same browser. */
const CHANNEL = "guatu-published";
const channel = "BroadcastChannel" in self ? new BroadcastChannel(CHANNEL) : null;

/** Tell the other pages that something was published. */
export function tellPublished(): void {
  channel?.postMessage("published");
}

/** Hear of what was published in another page. */
export function onPublished(heard: () => void): void {
  channel?.addEventListener("message", heard);
}
