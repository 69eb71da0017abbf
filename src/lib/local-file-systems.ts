/** Pure: which file systems have reliable change times. */

/**
 * File systems of Linux on this machine that set a file's ctime with each change of it, and let
 * nobody else set it: a file whose ctime, number and size are what they were is what it was. Not
 * those of other machines or programs (NFS, FUSE, 9p), which remember it for a while or do as they
 * like, nor vfat, where it is another time.
 * Source: the magic numbers of statfs(2).
 */
export const LOCAL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  // ext2, ext3, ext4; xfs; btrfs; f2fs
  ...[0xef53, 0x58465342, 0x9123683e, 0xf2f52010],
  // zfs; bcachefs; tmpfs; overlayfs
  ...[0x2fc12fc1, 0xca451a4e, 0x01021994, 0x794c7630],
]);

/**
 * Milliseconds: the times of two changes that are closer to each other may be the same, since
 * kernels count time in ticks of up to ten.
 */
export const CLOCK_TICK = 20;
