/** Pure: whether a program is one for images: of Linux, and of their machine. */
import { type Elf, X86_64 } from "../../lib/elf.ts";
import { NuaError } from "../../lib/errors.ts";
import type { Program } from "./programs.ts";

/**
 * @returns what is known of it; null for a script or a jar
 * @throws NuaError (input) for a program of another system or machine, and for a damaged one
 */
export function requireRunnable({ path, code }: Program): Elf | null {
  if (code === undefined) return null;
  if (code.format === "other") throw fault(path, `it is a program for ${code.system}`, OTHER);
  const { elf, isAppImage } = code;
  if (isAppImage) {
    const problem = "it is an AppImage, which mounts itself, and a container lets no program do so";
    throw fault(path, problem, "name an archive with the program, such as .tar.gz");
  }
  const { platform, machine } = wanted();
  if (elf.system !== null) throw fault(path, `it is a program for ${elf.system}`, OTHER);
  if (elf.platform !== platform && elf.platform !== "") {
    throw fault(path, `it is a program for ${elf.machine}, and images are for ${machine}`, OTHER);
  }
  if (elf.damage === null) return elf;
  throw fault(
    path,
    `it is damaged: ${elf.damage}`,
    "fetch it again, and see how large it should be",
  );
}

// --- internal ---

const OTHER = "name the release for this platform in build.src-url, such as …-linux-amd64.tar.gz";

/** That of the machine which builds: images are for no other. */
function wanted(): { platform: string; machine: string } {
  return process.arch === "arm64"
    ? { platform: "183/64", machine: "64-bit ARM (aarch64, linux/arm64)" }
    : { platform: X86_64, machine: "x86-64 (amd64, linux/amd64)" };
}

function fault(path: string, problem: string, hint: string): NuaError {
  return new NuaError("input", `Run "${path}": ${problem}`, { file: path, hint });
}
