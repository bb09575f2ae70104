export {
  type DeadLetterInfo,
  type LetterId,
  listDeadLetters,
  parseLetterId,
  printedLetterId,
  readDeadLetter,
} from './letters.ts';
export { retryDeadLetter } from './retry.ts';
