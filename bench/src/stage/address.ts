/** Where proxies of the bench listen: a loopback address on which nobody else's ports are likely to be. */
export const benchAddress = '127.0.56.1';
