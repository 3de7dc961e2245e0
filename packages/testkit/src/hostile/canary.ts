/**
 * A word that must never be seen on its own in an artefact: if it is, text has become syntax. No host name, cookie or server name by itself, so
 * that it can stand alone only where a separator got through.
 */
export const canary = 'canary!';
