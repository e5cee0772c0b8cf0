/** The class that somebody comes to join: `?aralify_join=` in JupyterLab's own address, with the link or the code. */

const NAME = "aralify_join";

/** Return the link or code in the address of the page, and take it out of there; empty when there is none. */
export function takeInvitation(): string {
  const address = new URL(window.location.href);
  const found = address.searchParams.get(NAME) ?? "";
  if (found) {
    address.searchParams.delete(NAME);
    window.history.replaceState(window.history.state, "", address);
  }
  return found.slice(0, 400);
}
