/** A path that means the same without quotes in a configuration, a map file and a command. */
export const plainPath = /^[A-Za-z0-9._/@+,=~-]+$/;
