/** Requests to Jupyter's own server, and what they end in. */

import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";

const PREFIX = "aralify/api/v1";

/** Something a person can mend: `message` is the sentence for them, in their language; `field` what it is about, if one. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field = "",
    /** How long it asks for nothing more of the kind; 0 where it does not say. */
    readonly pauseMs = 0
  ) {
    super(message);
  }
}

interface Failure {
  code: string;
  message: string;
  details?: { field?: string };
}

/** Jupyter's server does not answer, or not as Aralify does. */
export class Unreachable extends Error {}

export type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Return a function that sends a request and returns the JSON of its success; throws `Refusal` or `Unreachable`. */
export function asking(settings: ServerConnection.ISettings): Ask {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init: RequestInit = { method, cache: "no-cache" }; // with its own "no-store", JupyterLab adds a query
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { "Content-Type": "application/json" };
    }
    let response: Response;
    let text: string;
    try {
      response = await ServerConnection.makeRequest(URLExt.join(settings.baseUrl, PREFIX, path), init, settings);
      text = await response.text();
    } catch {
      throw new Unreachable();
    }
    const said = parsed(text);
    if (response.ok && said !== undefined) {
      return said as T;
    }
    const error = (said as { error?: Failure } | null)?.error;
    const pauseMs = 1000 * Number(response.headers.get("Retry-After") ?? 0) || 0;
    throw error ? new Refusal(error.code, error.message, error.details?.field, pauseMs) : new Unreachable();
  };
}

/** Return the JSON in a text, null for no text at all, and undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return undefined;
  }
}
