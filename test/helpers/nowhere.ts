/** A path where nothing is, on any machine: no program can make a file in that folder. */
export const NOWHERE = "/proc/nowhere";
