/** Where to report an error, with what it is about already written. Pure. */

export interface Report {
  /** The setting of the service: an e-mail or telephone address, with or without its scheme, or a web page. */
  address: string;
  subject: string;
  lines: string[];
}

const MAIL = /^(?:mailto:)?([^\s@?]+@[^\s@?]+)$/i;
const CALL = /^(?:tel:)?(\+?[\d\s()-]{3,})$/i;

/** A link that begins a report; null when there is no address, or none that a browser can follow. */
export function reportHref({ address, subject, lines }: Report): string | null {
  const text = address.trim();
  const mail = MAIL.exec(text);
  if (mail) {
    const body = encodeURIComponent(lines.join("\r\n"));
    return `mailto:${mail[1]}?subject=${encodeURIComponent(subject)}&body=${body}`;
  }
  const call = CALL.exec(text);
  if (call) return `tel:${call[1].replace(/[\s()]/g, "")}`;
  return /^https?:\/\/\S+$/i.test(text) ? text : null;
}
