/** The billing cycle of a paid plan. */
export type WixBillingCycle =
  | 'NO_CYCLE'
  | 'MONTHLY'
  | 'YEARLY'
  | 'ONE_TIME'
  | 'TWO_YEARS'
  | 'THREE_YEARS'
  | 'FOUR_YEARS'
  | 'FIVE_YEARS'
  | (string & {});

/** What Wix tells about a paid plan. Every field may be missing. */
export interface WixPlanData {
  /** When it happened, as ISO date. */
  readonly operationTimeStamp?: string;
  /** The plan's product id. */
  readonly vendorProductId?: string;
  /** How often it is paid for. */
  readonly cycle?: WixBillingCycle;
  /** When the plan ends, as ISO date. */
  readonly expiresOn?: string;
  /** The coupon it was bought with. */
  readonly couponName?: string;
  /** The invoice, in Wix's books. */
  readonly invoiceId?: string;
}

type PlanFields<Field extends keyof WixPlanData = never> = Pick<
  WixPlanData,
  'operationTimeStamp' | 'vendorProductId' | 'cycle' | Field
>;

/**
 * The data of the events of an app's life on a site, by event type
 * (https://dev.wix.com/docs/rest/app-management/app-instance/introduction).
 */
export interface WixLifecycleData {
  /** The app was installed. Says nothing about the site: see `WixInstallService.instanceOf(event)`. */
  readonly AppInstalled: {
    /** The app: yours. */
    readonly appId?: string;
    /** The installation this one was copied from, when a site was duplicated. */
    readonly originInstanceId?: string;
  };
  /** The app was removed. */
  readonly AppRemoved: {
    /** The app: yours. */
    readonly appId?: string;
  };
  /** A paid plan was bought. */
  readonly PaidPlanPurchased: WixPlanData;
  /** The site changed to another paid plan, or to another cycle. */
  readonly PaidPlanChanged: PlanFields<'couponName' | 'invoiceId'> & {
    /** The product id of the plan before. */
    readonly previousVendorProductId?: string;
    /** How often the plan before was paid for. */
    readonly previousCycle?: WixBillingCycle;
  };
  /** The plan will end when its paid time is over. */
  readonly PaidPlanAutoRenewalCancelled: PlanFields & {
    /** Why, in Wix's words. */
    readonly cancelReason?: string;
    /** Why, in the user's words. */
    readonly userReason?: string;
    /** How it was cancelled, in Wix's words. */
    readonly subscriptionCancellationType?: string;
    /** Whether nothing had been paid yet. A string, not a boolean: both values are truthy. */
    readonly cancelledDuringFreeTrial?: 'DURING_FREE_TRIAL' | 'NOT_DURING_FREE_TRIAL' | (string & {});
  };
  /** A free trial became a paid plan. */
  readonly PlanConvertedToPaid: PlanFields<'expiresOn'>;
  /** A plan that was about to end goes on. */
  readonly PlanReactivated: PlanFields<'expiresOn' | 'invoiceId'> & {
    /** Why. */
    readonly reason?: 'AUTO_RENEW_TURNED_ON' | 'REACTIVATION_REASON_UNKNOWN' | (string & {});
  };
  /** The plan moved to another site. */
  readonly PlanTransferred: PlanFields<'invoiceId'>;
  /** The payment of an invoice succeeded, failed or was taken back. */
  readonly InvoiceStatusUpdated: {
    /** What became of the payment. */
    readonly status?: 'PAYMENT_FAILED' | 'PAID' | 'REFUNDED' | 'CHARGEDBACK' | (string & {});
    /** The invoice, in Wix's books. */
    readonly invoiceId?: string;
    /** The installation it is about; the same as the event's own. */
    readonly instanceId?: string;
    /** Whether the invoice is one of several, for a plan that renews itself. */
    readonly recurring?: boolean;
  };
}

/** An event of an app's life on a site. */
export type WixLifecycleEventType = keyof WixLifecycleData;
