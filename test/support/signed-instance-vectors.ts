/** A signed instance that others published, with the secret it was made with and who it stands for. */
export interface SignedInstanceVector {
  readonly name: string;
  readonly secret: string;
  readonly appId: string;
  readonly text: string;
  /** A moment at which it was good. */
  readonly signedAt: string;
  readonly identity: object;
}

const SECRET_A = 'd245bbf8-57eb-49d6-aeff-beff6d82cd39';
const SECRET_B = '69ce77e6-2ac1-42ee-bf80-736ef3218c9d';
const SECRET_C = 'c8175096-0c39-4adc-9c93-2eccf3c9f6d5';
const ANY_APP = '11111111-2222-4333-8444-555555555555';

const SITE_1 = '9f9c5c16-59c8-4708-8c25-855505daa954';
const SITE_2 = 'b8140e4d-475d-48ed-819f-bad0de447069';
const SITE_3 = '138defd8-5e46-a482-948b-12b37c66bbaf';
const PERSON_1 = '29d8204a-3b82-4a98-8d86-2464a6b836da';
const PERSON_3 = '546835e5-f234-4874-94d1-722bad26c689';

const visitor = (instanceId: string): object => ({ type: 'visitor', instanceId });
const member = (instanceId: string, memberId: string): object => ({ type: 'member', instanceId, memberId });
// OWNER says that a person may manage the site, not that it is theirs.
const user = (instanceId: string, userId: string, isSiteOwner = false): object => ({
  type: 'user',
  instanceId,
  userId,
  isSiteOwner,
});

// Published as JSON and two signatures of it, so the data part is written here, in the two ways that were signed.
const JSON_C =
  '{"instanceId":"aaaa","appDefId":"bbebb","signDate":"2021-12-27T11:52:00.639Z","uid":"aaaa","permissions":"OWNER",' +
  '"demoMode":false,"siteOwnerId":"aaaa","siteMemberId":"bbbb","expirationDate":"2021-12-27T15:52:00.639Z",' +
  '"loginAccountId":"aaaa"}';
const paddedC = Buffer.from(JSON_C).toString('base64');
const unpaddedC = Buffer.from(JSON_C).toString('base64url');

/** All vectors of the protocol sheet, section 6.4. Secrets and ids are published test fixtures, none of them live. */
export const signedInstanceVectors: readonly SignedInstanceVector[] = [
  {
    name: '1 uid=null',
    secret: SECRET_A,
    appId: ANY_APP,
    signedAt: '2012-08-08T19:47:31.624Z',
    text: 'naQKltLRVJwLVN90qQYpmmyzkVqFIH0hpvETYuivA1U.eyJpbnN0YW5jZUlkIjoiOWY5YzVjMTYtNTljOC00NzA4LThjMjUtODU1NTA1ZGFhOTU0Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTA4VDE5OjQ3OjMxLjYyNFoiLCJ1aWQiOm51bGwsInBlcm1pc3Npb25zIjpudWxsfQ',
    identity: visitor(SITE_1),
  },
  {
    name: '2 uid, no permissions',
    secret: SECRET_A,
    appId: ANY_APP,
    signedAt: '2012-08-08T22:10:56.875Z',
    text: 'K78r2uwAQbvA68u-bXxn2cdIUFMZIp8v9XfA_hd-iyo.eyJpbnN0YW5jZUlkIjoiOWY5YzVjMTYtNTljOC00NzA4LThjMjUtODU1NTA1ZGFhOTU0Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTA4VDIyOjEwOjU2Ljg3NVoiLCJ1aWQiOiIyOWQ4MjA0YS0zYjgyLTRhOTgtOGQ4Ni0yNDY0YTZiODM2ZGEiLCJwZXJtaXNzaW9ucyI6bnVsbH0',
    identity: member(SITE_1, PERSON_1),
  },
  {
    name: '3 OWNER',
    secret: SECRET_A,
    appId: ANY_APP,
    signedAt: '2012-08-08T22:12:16.589Z',
    text: 'AjQ3BniGXfSOjKw4ej_V0kh4-WF5eB2IRnbvsak9kwc.eyJpbnN0YW5jZUlkIjoiOWY5YzVjMTYtNTljOC00NzA4LThjMjUtODU1NTA1ZGFhOTU0Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTA4VDIyOjEyOjE2LjU4OVoiLCJ1aWQiOiIyOWQ4MjA0YS0zYjgyLTRhOTgtOGQ4Ni0yNDY0YTZiODM2ZGEiLCJwZXJtaXNzaW9ucyI6Ik9XTkVSIn0',
    identity: user(SITE_1, PERSON_1),
  },
  {
    name: '4 uid=null',
    secret: SECRET_A,
    appId: ANY_APP,
    signedAt: '2012-08-11T13:56:44.635Z',
    text: 'HottEZ2jPjqsqS8sFWwngJDZAc5L6BBv5j5N9WAN0Go.eyJpbnN0YW5jZUlkIjoiYjgxNDBlNGQtNDc1ZC00OGVkLTgxOWYtYmFkMGRlNDQ3MDY5Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTExVDEzOjU2OjQ0LjYzNVoiLCJ1aWQiOm51bGwsInBlcm1pc3Npb25zIjpudWxsfQ',
    identity: visitor(SITE_2),
  },
  {
    name: '5 uid, no permissions',
    secret: SECRET_A,
    appId: ANY_APP,
    signedAt: '2012-08-12T10:04:17.852Z',
    text: '0jepzq2Gi8zFxLdS_LhTuXIkmFR41H1QOstEtn1v4w0.eyJpbnN0YW5jZUlkIjoiOWY5YzVjMTYtNTljOC00NzA4LThjMjUtODU1NTA1ZGFhOTU0Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTEyVDEwOjA0OjE3Ljg1MloiLCJ1aWQiOiIyOWQ4MjA0YS0zYjgyLTRhOTgtOGQ4Ni0yNDY0YTZiODM2ZGEiLCJwZXJtaXNzaW9ucyI6bnVsbH0',
    identity: member(SITE_1, PERSON_1),
  },
  {
    name: '6 OWNER',
    secret: SECRET_A,
    appId: ANY_APP,
    signedAt: '2012-08-12T10:11:22.934Z',
    text: 'zPsXLAaMznRbzXUiBo51bNzjKhVRo-GU5U4wSqyxzIg.eyJpbnN0YW5jZUlkIjoiOWY5YzVjMTYtNTljOC00NzA4LThjMjUtODU1NTA1ZGFhOTU0Iiwic2lnbkRhdGUiOiIyMDEyLTA4LTEyVDEwOjExOjIyLjkzNFoiLCJ1aWQiOiIyOWQ4MjA0YS0zYjgyLTRhOTgtOGQ4Ni0yNDY0YTZiODM2ZGEiLCJwZXJtaXNzaW9ucyI6Ik9XTkVSIn0',
    identity: user(SITE_1, PERSON_1),
  },
  {
    name: '7 OWNER, date with an offset',
    secret: SECRET_B,
    appId: ANY_APP,
    signedAt: '2014-08-26T04:39:31.010-05:00',
    text: 'ZqQSCUe4Kk6z2EhAbakUNAifGtSTnrogcxySPwz9EM0.eyJpbnN0YW5jZUlkIjoiMTM4ZGVmZDgtNWU0Ni1hNDgyLTk0OGItMTJiMzdjNjZiYmFmIiwic2lnbkRhdGUiOiIyMDE0LTA4LTI2VDA0OjM5OjMxLjAxMC0wNTowMCIsInVpZCI6IjU0NjgzNWU1LWYyMzQtNDg3NC05NGQxLTcyMmJhZDI2YzY4OSIsInBlcm1pc3Npb25zIjoiT1dORVIiLCJpcEFuZFBvcnQiOiIxMDguMjI1LjE4OS4xNy82MzM0NiIsInZlbmRvclByb2R1Y3RJZCI6bnVsbCwiZGVtb01vZGUiOmZhbHNlfQ',
    identity: user(SITE_3, PERSON_3),
  },
  {
    name: '8 visitor, date with an offset',
    secret: SECRET_B,
    appId: ANY_APP,
    signedAt: '2014-08-26T04:48:15.766-05:00',
    text: 'dF6lBbHgD6AH8BGJLuJ2Pb4jgAOlBG7xC7EP-kPzqMA.eyJpbnN0YW5jZUlkIjoiMTM4ZGVmZDgtNWU0Ni1hNDgyLTk0OGItMTJiMzdjNjZiYmFmIiwic2lnbkRhdGUiOiIyMDE0LTA4LTI2VDA0OjQ4OjE1Ljc2Ni0wNTowMCIsInVpZCI6bnVsbCwicGVybWlzc2lvbnMiOm51bGwsImlwQW5kUG9ydCI6IjEwOC4yMjUuMTg5LjE3LzY0MDU3IiwidmVuZG9yUHJvZHVjdElkIjpudWxsLCJkZW1vTW9kZSI6ZmFsc2V9',
    identity: visitor(SITE_3),
  },
  {
    name: '9 standard base64 with padding',
    secret: SECRET_C,
    appId: 'bbebb',
    signedAt: '2021-12-27T11:52:00.639Z',
    text: `Dvlh7TlxkfER9776elfBYTLr-4Xh7xJUq2xRzmki42U.${paddedC}`,
    identity: user('aaaa', 'aaaa', true),
  },
  {
    name: '10 base64url without padding',
    secret: SECRET_C,
    appId: 'bbebb',
    signedAt: '2021-12-27T11:52:00.639Z',
    text: `Wb7M_anweki1QWTDZiw7rvC_2LvrrvNq3QDjZoliVMI.${unpaddedC}`,
    identity: user('aaaa', 'aaaa', true),
  },
];
