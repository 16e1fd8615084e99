import { NacreError } from './errors.ts';

/**
 * Follows redirects one at a time, so that no request leaves over an address that is not secure, and a credential goes to the
 * origin that it was meant for alone.
 */
export async function fetchSecurely(
  address: string,
  init: Omit<RequestInit, 'headers'> & { headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  let at = address;
  let headers = init.headers ?? {};
  for (let hops = 0; hops <= 10; hops++) {
    requireSecure(at);
    const response = await fetch(at, { ...init, headers, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, at);
    if (next.origin !== new URL(at).origin) headers = withoutCredentials(headers);
    at = next.href;
  }
  throw new Error('more than 10 redirects');
}

function withoutCredentials(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const secret = /^(authorization|cookie|sessiontoken)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name)));
}

/** Downloads go over TLS; plain http is for a server on this machine (tests). */
function requireSecure(address: string): void {
  const url = new URL(address);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return;
  throw new NacreError('insecure-address', 'the address is not https', {
    found: url.protocol,
    expected: 'https:',
    todo: `correct the address ${shownAddress(address)}`,
  });
}

/** An address for messages: without its query, which may hold a signature, and without a password. */
export function shownAddress(address: string): string {
  try {
    const { protocol, host, pathname } = new URL(address);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'an address that cannot be read';
  }
}

/** Why a request failed, in words. */
export function describeCause(cause: unknown): string {
  const error = cause as Error & { cause?: Error & { code?: string } };
  // Where both addresses of a host refuse, Node's cause has a code and no message.
  return error.cause?.message || error.cause?.code || error.message;
}
