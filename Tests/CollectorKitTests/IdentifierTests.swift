import Testing

@testable import CollectorKit

@Suite struct IdentifierTests {
  @Test(arguments: [
    "agent@example.com", "Jane <jane.doe@mail.example.org>", "x@y.z", "mailto:a@b.co?subject=1",
  ])
  func emails(_ text: String) {
    #expect(Identifier.kind(of: text) == .email)
    #expect(Identifier.masked(text) == "<e-mail>")
  }

  @Test(arguments: [
    "+14077016752", "9665XXXXXXXX", "966512345678", "+966 50 123 4567", "(0)30 1234 5678",
    "1-407-701-6752", "030/1234567890", "966*****678", "192.168.100.200", "5551234",
  ])
  func phones(_ text: String) {
    #expect(Identifier.kind(of: text) == .phone)
    #expect(Identifier.masked(text) == "<phone>")
  }

  @Test(arguments: [
    "64a4c799e8c16456e7c23a49", "550e8400-e29b-41d4-a716-446655440000",
    "d41d8cd98f00b204e9800998ecf8427e", "sim20260115x100y7z", "Xk29fLq81mZp03aT",
  ])
  func ids(_ text: String) {
    #expect(Identifier.kind(of: text) == .id)
  }

  @Test(arguments: [
    "", "whatsapp", "Billing & refunds", "in", "5", "1404", "123456", "2026-01-15", "10:30",
    "2026-01-15T10:30:00Z", "2025", "0.25", "1234567.5", "-12345678", "user@", "@home", "a @ b",
    "10%", "a@b",
    "VIP 24/7", "failedintents", "internationalization", "customer-service-level-2", "ключ",
    "Welcome message for new clients 2026", "XXXXXXXXXX", "Tier-1 escalation (EMEA)", "1 - 2",
  ])
  func plainValues(_ text: String) {
    #expect(Identifier.kind(of: text) == nil)
  }

  @Test(arguments: [
    "client_id", "clientId", "ID", "user.id", "session_key", "agent_email", "agentEmail",
    "eMail-address",
    "username", "phone number", "uuid", "customer.phone", "sessionId", "mobile", "tag_ids",
  ])
  func suspiciousColumns(_ name: String) {
    #expect(Identifier.isSuspicious(column: name))
  }

  @Test(arguments: [
    "type", "status", "metricType", "count(taskName)", "5e6f5fc04767c68072ee031d", "channel",
    "paid", "keyword",
    "mailing", "avoid", "language", "agent.team",
  ])
  func plainColumns(_ name: String) {
    #expect(!Identifier.isSuspicious(column: name))
  }
}
