// Your app under test
export { emulatedOptions, useWixEmulator, WixAuthTestingModule } from './wix-auth-testing.module.js';
export { InMemoryEventQueue } from './in-memory-event.queue.js';
export { fakeWixCaller, type FakeWixCallerSettings } from './fakes/fake-wix-caller.js';
export { fakeWixHttp, type FakeWixAnswer, type FakeWixAnswers, type FakeWixCall } from './fakes/fake-wix-http.js';
export { fakeWixIdentity } from './fakes/fake-wix-identity.js';
export type { OverridableBuilder, ReplaceableProvider } from './wix-auth-testing.module.js';

// Who may call what
export { accessMatrix, type AccessMatrix, type AccessMatrixOptions } from './access-matrix/access-matrix.js';
export type { SendMessage } from './access-matrix/matrix-answer.js';
export type { AccessMatrixRequest } from './access-matrix/matrix-request.js';
export { leastPrivilege, type LeastPrivilege } from './least-privilege/least-privilege.js';
export type { LeastPrivilegeReport } from './least-privilege/least-privilege-report.js';
export type { LeastPrivilegeFinding } from './least-privilege/findings.js';
export type { RouteUse } from './least-privilege/route-uses.js';
export type { CalledEndpoint } from './least-privilege/called-endpoints.js';

// Contracts of stores of your own
export { eventLedgerContract } from './contracts/event-ledger.contract.js';
export { eventQueueContract } from './contracts/event-queue.contract.js';
export { refreshTokenStoreContract } from './contracts/refresh-token-store.contract.js';
export { tokenStoreContract, type TokenStoreContractOptions } from './contracts/token-store.contract.js';
export type { ContractCase, ContractOptions } from './contracts/contract-case.js';

// The emulated Wix platform
export { WixEmulator } from './emulator/wix-emulator.js';
export type { WixEmulatorOptions } from './emulator/wix-emulator.options.js';
export { OWNER_ROLE_ID, type WixEmulatorVariants } from './emulator/variants.js';
export type { EmulatedApp, EmulatedAppOptions } from './emulator/world/emulated-app.js';
export type {
  EmulatedMember,
  EmulatedSite,
  EmulatedSiteOptions,
  EmulatedUser,
  EmulatedUserOptions,
  EmulatedVisitor,
} from './emulator/world/emulated-site.js';
export type {
  CatalogVersion,
  EmulatedContact,
  EmulatedProduct,
  NewEmulatedContact,
  NewEmulatedProduct,
} from './emulator/world/site-contents.js';
export type { EmulatedBiEvent, EmulatedInstall, EmulatedInstallOptions } from './emulator/world/emulated-install.js';
export type { EmulatedInstaller } from './emulator/install/emulated-installer.js';
export type { EmulatedPluginMethod } from './emulator/console/catalogue/plugin-methods.js';
export type { InstallerFaults } from './emulator/install/installer-faults.js';
export type { ScopeContents } from './emulator/world/scope-table.js';

// Scenarios
export { ScenarioError } from './emulator/scenario/scenario-mistakes.js';
export type {
  AppPaths,
  EmulatedScenario,
  InstallKeys,
  PeopledSite,
  PlacedApp,
} from './emulator/scenario/emulated-scenario.js';
export type {
  ScenarioMemberPerson,
  ScenarioPerson,
  ScenarioUserPerson,
  ScenarioVisitorPerson,
} from './emulator/scenario/scenario-people.js';
export type {
  ScenarioApp,
  ScenarioInstall,
  ScenarioMember,
  ScenarioOwner,
  ScenarioSite,
  ScenarioUser,
  ScenarioVisitor,
  WixEmulatorScenario,
} from './emulator/scenario/scenario-file.js';
export type { AppKeyPair } from './emulator/world/emulated-app.js';

// Credentials
export type { WixEmulatorMint } from './emulator/tokens/mint.js';
export type { MintOptions } from './emulator/tokens/token-issuer.js';
export type { SignedInstanceOptions } from './emulator/tokens/signed-instance-fields.js';

// Requests and faults
export type { RecordedRequest, RequestFilter } from './emulator/request-log.js';
export type { ActiveFault, EmulatorFault } from './emulator/faults.js';
export type { ServedCall, ServeOptions } from './emulator/endpoints/served.js';
export type {
  AppSubject,
  MemberSubject,
  TokenSubject,
  UserSubject,
  VisitorSubject,
} from './emulator/tokens/token-ledger.js';
