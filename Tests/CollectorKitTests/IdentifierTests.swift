import Testing

@testable import CollectorKit

@Suite struct IdentifierTests {
  @Test(arguments: [
    "agent@example.com", "Jane <jane.doe@mail.example.org>", "x@y.z", "mailto:a@b.co?subject=1",
    "jane%40example.com", "@home jane@example.com", "jane@xn--e1afmkfd.xn--p1ai", "a@10.0.0.1",
    "إيميل: jane@example.com",
  ])
  func emails(_ text: String) {
    #expect(Identifier.kind(of: text) == .email)
    #expect(Identifier.masked(text) == "<e-mail>")
  }

  @Test(arguments: [
    "+14077016752", "9665XXXXXXXX", "966512345678", "+966 50 123 4567", "(0)30 1234 5678",
    "1-407-701-6752", "030/1234567890", "966*****678", "5551234", "+966 5 0123 4567",
    "00966 50 123 4567", "(407) 701-6752", "407.701.6752", "01 23 45 67 89", "01.23.45.67.89",
    "612 345 678", "920001234", "50123456", "tel:+966501234567", "Call 0501234567",
    "whatsapp:+14155238886", "Ahmed +966 50 123 4567", "call (407) 701-6752 now",
    "٠٥٠١٢٣٤٥٦٧", "۰۵۰ ۱۲۳ ۴۵۶۷", "+966\u{2011}50\u{2011}123\u{2011}4567",
    "\u{200E}+966501234567", "Call 9665XXXXXXXX", "050 2024 1234", "هاتف 966501234567",
    "Box 12345678", "966501234567.0",
  ])
  func phones(_ text: String) {
    #expect(Identifier.kind(of: text) == .phone)
    #expect(Identifier.masked(text) == "<phone>")
  }

  @Test(arguments: [
    "64a4c799e8c16456e7c23a49", "550e8400-e29b-41d4-a716-446655440000",
    "d41d8cd98f00b204e9800998ecf8427e", "sim20260115x100y7z", "Xk29fLq81mZp03aT",
    "st-00000000-1111-2222-3333-444444444444", "{550E8400-E29B-41D4-A716-446655440000}",
    "session 550e8400-e29b-41d4-a716-446655440000", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "V1StGXR8_Z5jdHi6B-myT", "a1b2c3d4e5f6",
    "aobEdbYhXfu5hkeqG", "AC0123456789abcdef0123456789abcdef", "192.168.100.200", "10.0.0.1",
    "00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "2001:db8:85a3:8d3:1319:8a2e:370:7348",
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
    "customer-care-2024", "customer_care_2024", "customercare2024", "CustomerCare2024Riyadh",
    "Customer Care 2024", "sales-team-q3-2026", "Q3-2026", "Q3-2026-L2-SLA-120", "2025/26",
    "2025-2026", "2024-2025-2026", "FY2025/26", "Level-2 2025/26", "Ramadan 1447",
    "Ramadan 1447 / 2026-02-18", "رمضان ١٤٤٧", "المستوى ٢ ٢٠٢٥/٢٦", "SLA-120-300",
    "SLA-120-300-600", "line 4477", "ext. 4477", "24x7x365", "1024x768", "VIP 24/7/365",
    "B2B-B2C-2026", "KSA-RUH-001", "RUH-JED-DMM-2026-Q3-L2", "VIPKSA2024Q4L2SUP",
    "Campaign 20260115", "campaign-20260115-launch", "31.12.2026", "01/02/2026 - 28/02/2026",
    "2026-01-15 / 2026-01-31", "0900-1700", "09:00-17:00", "10.0.19045.3693", "v2.10.3",
    "Windows NT 10.0", "Team@2.0", "Sales @ Riyadh", "1,250,000", "1e3", "100%", "#4477",
    "Priority 1 (response 15 min, resolution 240 min)", "whatsapp-business-api-v19.0",
    "2026-11-20T21:26:00.238957123Z", "Rechtsschutzversicherung2026", "support_tier_3_2026",
    "facebook_messenger_page_2", "0800", "911", "80%/20s",
  ])
  func plainValues(_ text: String) {
    #expect(Identifier.kind(of: text) == nil)
  }

  /// A shape shows what was refused, and nobody.
  @Test(arguments: [
    ("customer-care-2024", "aaaaaaaa-aaaa-9999"), ("+966 50 123-4567", "+999 99 999-9999"),
    ("Jane.Doe1@example.com", "Aaaa.Aaa9@aaaaaaa.aaa"), ("رقم ٤٧", "aaa 99"),
    ("a\nb\u{7}c", "a?a a"),
    (String(repeating: "x1", count: 30), String(repeating: "a9", count: 20) + "…"),
  ])
  func shapes(_ text: String, _ shape: String) {
    #expect(Identifier.shape(of: text) == shape)
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
