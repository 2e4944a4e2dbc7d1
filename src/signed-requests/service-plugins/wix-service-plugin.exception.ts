import { HttpException } from '@nestjs/common';

/** An error of a service plugin, in the shape Wix expects: `{ applicationError: { code, data } }`. */
export class WixServicePluginException extends HttpException {
  /**
   * @param status the HTTP status the plugin's documentation names for the error, such as 400.
   * @param code the error's code in that documentation, such as `MISSING_POSTAL_CODE`.
   * @param data what the documentation asks for beside it.
   */
  constructor(
    status: number,
    readonly code: string,
    data?: unknown,
  ) {
    super({ applicationError: { code, ...(data !== undefined && { data }) } }, status);
  }
}
