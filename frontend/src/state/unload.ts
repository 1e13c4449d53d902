/** Have the browser ask whether the page may go; Chromium before 119 heeds nothing but the value. */
export function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
  event.returnValue = true;
}
