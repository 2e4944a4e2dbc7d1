import { Body, Controller, Post } from '@nestjs/common';
import {
  WixDigest,
  WixRawBody,
  WixServicePlugin,
  WixServicePluginException,
  WixServicePluginMetadata,
  WixServicePluginRequest,
  type WixServicePluginContext,
} from 'nestjs-wix-auth';

@Controller('plugins/own-shipping')
export class ShippingController {
  @Post('v1/getRates') // the path Wix calls for the method getShippingRates
  @WixServicePlugin()
  rates(
    @WixServicePluginRequest() request: { readonly shippingDestination?: { readonly postalCode?: string } },
    @WixServicePluginMetadata() { instanceId }: WixServicePluginContext,
  ) {
    const postalCode = request.shippingDestination?.postalCode;
    if (postalCode === undefined) throw new WixServicePluginException(400, 'MISSING_POSTAL_CODE');
    return { shippingRates: [{ code: 'standard', tenant: instanceId }] };
  }
}

@Controller('payments')
export class PaymentsController {
  @Post('events')
  @WixDigest()
  event(@WixRawBody() body: Buffer, @Body() unread: unknown) {
    return { bytes: body.length, parsed: unread !== undefined };
  }
}
