/** `e_machine` of ELF, under the names of architectures that images use. */
const machines: Readonly<Record<number, string>> = {
  3: '386',
  21: 'ppc64le',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
};

/** What a CPU runs beside its own: these are no mistakes. */
const alsoRuns: Readonly<Record<string, string>> = { amd64: '386', arm64: 'arm' };

/** For which architecture a program is built. Undefined for a script, or for what is no ELF of a known machine. */
export function elfArchitecture(program: Buffer): string | undefined {
  if (program.length < 20 || program.readUInt32BE(0) !== 0x7f454c46) return undefined;
  return machines[program[5] === 2 ? program.readUInt16BE(18) : program.readUInt16LE(18)];
}

export function canRun(architecture: string, program: string): boolean {
  return architecture === program || alsoRuns[architecture] === program;
}
