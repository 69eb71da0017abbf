/** Unpacks an untrusted archive into a new folder; nothing is written outside of it. */
import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { posix, sep } from "node:path";
import { type ArchivePlace, archiveError, placeOf } from "../../lib/archive-error.ts";
import type { TarMember } from "../../lib/tar/read.ts";
import { diskError } from "./disk.ts";
import { createBuffers } from "./file-destination.ts";
import { OutputFile } from "./output-file.ts";
import { UnpackCount, type UnpackLimits } from "./unpack-limits.ts";

/**
 * Writes members into a folder of its own, whatever their order. It makes every folder itself and
 * every file anew, and links only when all else is there: so nothing is ever written through a
 * link, and of two names that the file system takes for one, the second is an error.
 */
export class UnpackTree {
  readonly #root: string;
  readonly #attempt: string;
  readonly #count: UnpackCount;
  readonly #buffers = createBuffers();
  /** Those that it has made, relative to the root. */
  readonly #folders = new Set([""]);
  readonly #links: TarMember[] = [];

  /**
   * @param root the folder to make; nothing may be there
   * @param attempt for messages, such as `Unpack app "hello"`
   * @throws NuaError (archive) when it cannot be made
   */
  constructor(root: string, { attempt, limits }: { attempt: string; limits: UnpackLimits }) {
    this.#root = root;
    this.#attempt = attempt;
    this.#count = new UnpackCount(limits, { code: "archive", attempt });
    this.#onDisk(root, () => mkdirSync(root));
  }

  /**
   * @throws NuaError (archive) for a name that leads out or is there already, for what is neither
   *   file nor folder nor link, and when the disk is full
   * @throws UnpackLimitError
   */
  async add(member: TarMember): Promise<void> {
    const path = safePath(member, placeOf(this.#attempt, member));
    if (member.type !== "5") this.#count.addFiles();
    if (member.type === "5") this.#makeFolder(path, member.mode);
    else if (member.type === "2") this.#links.push(member);
    else if (member.type === "0") await this.#writeFile(path, member);
    else throw archiveError(placeOf(this.#attempt, member), "it is no file, folder or link");
  }

  /**
   * Makes the links. One that leads out of the folder may lead nowhere, but not to what is of
   * this machine.
   * @throws NuaError (archive) for a link that does, or whose name is taken
   */
  finish(): void {
    const root = realpathSync(this.#root);
    for (const link of this.#links) {
      const path = safePath(link, placeOf(this.#attempt, link));
      this.#ensureFolder(posix.dirname(path));
      this.#onDisk(path, () => symlinkSync(link.linkName, this.#at(path)));
    }
    // Only now, since links may lead over links.
    for (const link of this.#links) {
      const path = this.#at(safePath(link, placeOf(this.#attempt, link)));
      if (!existsSync(path)) continue;
      const target = realpathSync(path);
      if (`${target}${sep}`.startsWith(`${root}${sep}`)) continue;
      const place = placeOf(this.#attempt, link);
      throw archiveError(place, `it leads out of the folder, to "${target}"`);
    }
  }

  /** Takes all of it away again; what is at the root was made here. */
  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #at(path: string): string {
    return posix.join(this.#root, path);
  }

  #makeFolder(path: string, mode: number): void {
    this.#ensureFolder(path);
    // Whatever umask there is here.
    this.#onDisk(path, () => chmodSync(this.#at(path), (mode & 0o777) | 0o700));
  }

  #ensureFolder(path: string): void {
    if (path === "." || this.#folders.has(path)) return;
    this.#ensureFolder(posix.dirname(path));
    this.#count.addFiles();
    this.#onDisk(path, () => mkdirSync(this.#at(path)));
    this.#folders.add(path);
  }

  async #writeFile(path: string, { content, mode, size }: TarMember): Promise<void> {
    this.#count.addBytes(size);
    this.#ensureFolder(posix.dirname(path));
    const options = { attempt: this.#attempt, buffers: this.#buffers };
    const file = await OutputFile.create(this.#at(path), options);
    try {
      for await (const chunk of content) await file.write(chunk);
      await file.close({ sync: false });
      this.#onDisk(path, () => chmodSync(file.path, (mode & 0o777) | 0o600));
    } finally {
      await file.abandon();
    }
  }

  #onDisk(path: string, work: () => void): void {
    try {
      work();
    } catch (cause) {
      throw diskError(this.#attempt, path, cause);
    }
  }
}

// --- internal ---

/** The member's path below the root. */
function safePath({ name }: TarMember, place: ArchivePlace): string {
  const path = name.replace(/\/$/, "");
  const isSafe = path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!isSafe) throw archiveError(place, "its name leads out of the folder");
  return path;
}
