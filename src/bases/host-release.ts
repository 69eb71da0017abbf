/** Which Debian or Ubuntu this host is. */
import { readFile } from "node:fs/promises";
import { NuaError } from "../lib/errors.ts";

export interface HostRelease {
  id: string;
  codename: string;
  version: string;
  name: string;
}

/** What this host is, as images are called: "debian:12". */
export async function readHostLinux(): Promise<string> {
  const { id, version } = await readHostRelease();
  return `${id}:${version}`;
}

/** @throws NuaError (input) where this host is neither */
export async function readHostRelease(): Promise<HostRelease> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(text)?.[1] ?? "";
  const codename = value("VERSION_CODENAME");
  if (codename === "") {
    throw new NuaError("input", "Bootstrap a Linux base: this host is no Debian or Ubuntu", {
      hint: "load an image into the engine and name it with NUA_LINUX_BASE",
    });
  }
  const [id, version, name] = ["ID", "VERSION_ID", "PRETTY_NAME"].map(value);
  return { id: id!, codename, version: version!, name: name! };
}
