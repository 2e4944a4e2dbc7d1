import { Injectable, Logger } from '@nestjs/common';
import { AccessAudit, type WixAccessDecision } from 'nestjs-wix-auth';

/** One line for each refusal. */
@Injectable()
export class ConsoleAudit extends AccessAudit {
  readonly #logger = new Logger('Audit');

  override decided(decision: WixAccessDecision): void {
    this.#logger.log(JSON.stringify(decision));
  }
}
