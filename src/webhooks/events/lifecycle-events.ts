/** How often a paid plan is paid for. */
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

/**
 * What comes with the events of an app's life on a site, by event type
 * (https://dev.wix.com/docs/rest/app-management/app-instance/introduction).
 */
export interface WixLifecycleData {
  /** The app was installed. Says nothing about the site: ask Get App Instance with the event's `instanceId`. */
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
  readonly PaidPlanChanged: WixPlanData & {
    /** The product id of the plan before. */
    readonly previousVendorProductId?: string;
    /** How often the plan before was paid for. */
    readonly previousCycle?: WixBillingCycle;
  };
  /** The plan will end when its paid time is over. */
  readonly PaidPlanAutoRenewalCancelled: WixPlanData & {
    /** Why, in Wix's words. */
    readonly cancelReason?: string;
    /** Why, in the user's words. */
    readonly userReason?: string;
    /** How it was cancelled, in Wix's words. */
    readonly subscriptionCancellationType?: string;
    /** Whether nothing had been paid yet. */
    readonly cancelledDuringFreeTrial?: boolean;
  };
  /** A free trial became a paid plan. */
  readonly PlanConvertedToPaid: WixPlanData;
  /** A plan that was about to end goes on. */
  readonly PlanReactivated: WixPlanData & {
    /** Why, such as `AUTO_RENEW_TURNED_ON`. */
    readonly reason?: string;
  };
  /** The plan moved to another site. */
  readonly PlanTransferred: WixPlanData;
}

/** An event of an app's life on a site. */
export type WixLifecycleEventType = keyof WixLifecycleData;
