import type { WixEvent } from '../../../../src/webhooks/events/wix-event.js';

type Cancellation = WixEvent<'PaidPlanAutoRenewalCancelled'>['data'];
type Invoice = WixEvent<'InvoiceStatusUpdated'>['data'];

describe('The types of lifecycle events', () => {
  it('say as a string whether a plan was cancelled during its free trial', () => {
    const cancellation: Cancellation = { cancelledDuringFreeTrial: 'NOT_DURING_FREE_TRIAL' };
    // @ts-expect-error A boolean is what Wix never sends.
    const wrong: Cancellation = { cancelledDuringFreeTrial: false };
    expect([cancellation, wrong]).toHaveLength(2);
  });

  it('include the status of an invoice, and allow those Wix may add', () => {
    const invoice: Invoice = { status: 'CHARGEDBACK', invoiceId: 'invoice-1', recurring: true };
    const later: Invoice = { status: 'DISPUTED' };
    // @ts-expect-error A status is text.
    const wrong: Invoice = { status: 3 };
    expect([invoice, later, wrong]).toHaveLength(3);
  });

  it('give each plan event the fields Wix sends with it', () => {
    const bought: WixEvent<'PaidPlanPurchased'>['data'] = { expiresOn: '2027-01-01T00:00:00.000Z', couponName: 'C' };
    // @ts-expect-error Wix tells no end with this one.
    const changed: WixEvent<'PaidPlanChanged'>['data'] = { expiresOn: '2027-01-01T00:00:00.000Z' };
    // @ts-expect-error Nor an invoice with this one.
    const converted: WixEvent<'PlanConvertedToPaid'>['data'] = { invoiceId: 'invoice-1' };
    expect([bought, changed, converted]).toHaveLength(3);
  });
});
